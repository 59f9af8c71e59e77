"""A journal record's bytes as today's types: read in one pass, by way of the upcasters only where that does not do."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Field, TypeAdapter, create_model
from pydantic_core import from_json

from events.base import Instant, LineId, SubjectId
from events.codec import WHOLE_FACT, newest, newest_envelope
from events.journal import TYPE, Decided, Part
from events.outcomes import Outcome
from events.registry import AnyCommand, AnyFact
from orchestrator.reasons import Reason


class KnownBecause(Part):
    """A reason that today's code knows."""

    reason: Reason
    line: LineId | None = None
    since: Instant | None = None
    until: Instant | None = None


class KnownTell(Part):
    """A fact said to another subject, as today's code knows it."""

    to: SubjectId
    fact: Annotated[AnyFact, Field(discriminator="type")]


def _known() -> TypeAdapter[Any]:
    # Classes made here at run time, with other types for the same fields: no checker can know them.
    make: Any = create_model
    decided = make(
        "KnownDecided",
        __base__=Decided,
        heard=(WHOLE_FACT | None, None),
        because=(tuple[KnownBecause, ...], ()),
        outcomes=(tuple[Annotated[Outcome, Field(discriminator="type")], ...], ()),
        commands=(tuple[Annotated[AnyCommand, Field(discriminator="type")], ...], ()),
        tells=(tuple[KnownTell, ...], ()),
    )
    # Of the envelope what readers use, and no more: two more times to read would cost a tenth of it all.
    return TypeAdapter(
        make("KnownRecord", __base__=Part, type=(Literal[TYPE], ...), subject=(SubjectId, ...), data=(decided, ...))
    )


_KNOWN: Final = _known()


def known(value: bytes) -> Any:  # noqa: ANN401 - as above: a `JournalRecord` in short, whose parts are messages
    """The record with each of its parts as a message of today. Raises `ValueError` where it is none."""
    try:
        return _KNOWN.validate_json(value, extra="ignore")
    except ValueError:
        return _KNOWN.validate_python(_of_today(value), extra="ignore")


def _of_today(value: bytes) -> dict[str, Any]:
    """The record, already known to be one, with everything in it in today's version."""
    record: dict[str, Any] = from_json(value)
    data = record["data"]
    if data.get("heard"):
        data["heard"] = newest_envelope(data["heard"])
    for part in ("outcomes", "commands"):
        data[part] = [newest(one) for one in data.get(part, ())]
    data["tells"] = [{**tell, "fact": newest(tell["fact"])} for tell in data.get("tells", ())]
    return record
