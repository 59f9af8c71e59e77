"""A journal record's bytes: written by splicing what was heard as it stood, read back as facts and a decision."""

import hashlib
from datetime import datetime
from typing import Any, Final, NamedTuple

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from events.base import SubjectId
from events.codec import said_in
from events.envelope import Said
from events.journal import TYPE, JournalRecord, Unread
from events.registry import AnyFact
from orchestrator.decision import Because, Decision, Tell
from workers.journal.known import known
from workers.runtime.language import _

SOURCE: Final = "/naadloos/decider"
SHALLOW: Final = 50
"""So few brackets cannot be nested too deep for any reader."""


class Link(NamedTuple):
    """Where a record stands in the chain of its partition."""

    prev: int
    prev_hash: str
    offset: int


class Entry(NamedTuple):
    """A journal record as its readers use it."""

    link: Link
    hash: str
    subject: SubjectId
    at: datetime
    code: str
    heard: Said[AnyFact] | None
    unread: Unread | None
    duplicate: bool
    decision: Decision


def hash_of(value: bytes) -> str:
    """The hash by which a record's successor names it."""
    return hashlib.blake2b(value, digest_size=16).hexdigest()


def holds(raw: bytes) -> bool:
    """Whether a record can hold these bytes, already known to be JSON, and still be read, by whoever reads JSON.

    In a record they stand two levels deeper than in the inbox, and readers go only so deep; ours take NaN for a number.
    """
    if raw.count(b"{") + raw.count(b"[") < SHALLOW and b"NaN" not in raw and b"Infinity" not in raw:
        return True
    try:
        from_json(b"[[" + raw + b"]]", allow_inf_nan=False)
    except ValueError:
        return False
    return True


def encode(
    link: Link,
    *,
    partition: int,
    subject: SubjectId,
    at: datetime,
    code: str,
    raw: bytes | None,
    unread: Unread | None,
    duplicate: bool,
    decision: Decision,
) -> bytes:
    """The record's bytes. `raw` is what was heard, already known to be JSON; None where it was not readable."""
    # Nothing here needs escaping: numbers, hex digits, a subject's few letters. `to_json` takes twice as long.
    when = to_json(at).decode()
    head = (
        f'{{"specversion":"1.0","id":"{partition}/{link.offset}","source":"{SOURCE}","type":"{TYPE}",'
        f'"subject":"{subject}","time":{when},"recordedtime":{when},"datacontenttype":"application/json","data":{{'
    )
    place = f'"prev":{link.prev},"prev_hash":"{link.prev_hash}","offset":{link.offset},"at":{when},"code":"{code}"'
    heard = b'"heard":' + raw + b"," if raw is not None else b""
    rest = _decided(decision)
    if unread is not None:
        rest["unread"] = unread
    if duplicate:
        rest["duplicate"] = True
    # `to_json` takes messages as they are, each by its own schema.
    return b"%b%b%b%b}" % (head.encode(), heard, place.encode(), b"," + to_json(rest)[1:] if rest else b"}")


def _decided(decision: Decision) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "because": [_because(b) for b in decision.because],
        "outcomes": decision.outcomes,
        "commands": decision.commands,
        "tells": [{"to": tell.to, "fact": tell.fact} for tell in decision.tells],
        "look": decision.look_again_at,
    }
    return {name: value for name, value in parts.items() if value}


def _because(because: Because) -> dict[str, Any]:
    # `to_json` asks an enumeration for its value at the cost of all the rest.
    said: dict[str, Any] = {"reason": str(because.reason)}
    if because.line is not None:
        said["line"] = because.line
    if because.since is not None:
        said["since"] = because.since
    if because.until is not None:
        said["until"] = because.until
    return said


class UnableToReadJournalError(Exception):
    """A record on the journal topic is not one of ours, so the fold cannot go on past it in good faith."""


def foreign(value: bytes, *, prev: int, prev_hash: str) -> bool:
    """Whether these bytes cannot be the record that follows this head: then no reader minds them, whatever they are."""
    try:
        data = from_json(value)["data"]
        return (data["prev"], data["prev_hash"]) != (prev, prev_hash)
    except (ValueError, LookupError, TypeError):
        return True


def decode(value: bytes) -> Entry:
    """The record as facts and a decision. Raises `UnableToReadJournalError`."""
    try:
        return _entry(known(value), value)
    except Exception as error:  # noqa: BLE001 - an upcaster may raise anything at what it did not expect
        raise UnableToReadJournalError(_unreadable(value, error)) from None


def _unreadable(value: bytes, error: Exception) -> str:
    try:
        JournalRecord.model_validate_json(value)
    except ValidationError as none_of_ours:
        return _("a journal record does not read: {fault}").format(fault=none_of_ours.errors()[0]["type"])
    return _("a journal record says what this code does not know: {fault}").format(fault=type(error).__name__)


def _entry(record: dict[str, Any], value: bytes) -> Entry:
    data = record["data"]
    get = data.get
    heard = get("heard")
    return Entry(
        link=Link(data["prev"], data["prev_hash"], data["offset"]),
        hash=hash_of(value),
        subject=record["subject"],
        at=data["at"],
        code=data["code"],
        heard=said_in(heard) if heard is not None else None,
        unread=get("unread"),
        duplicate=get("duplicate", False),
        decision=Decision(
            because=tuple([Because(**one) for one in get("because", ())]),
            outcomes=get("outcomes", ()),
            commands=get("commands", ()),
            tells=tuple(Tell(**one) for one in get("tells", ())),
            look_again_at=get("look"),
        ),
    )
