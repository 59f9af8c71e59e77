"""One partition's journal, walked from its beginning by the chain rule, held against the inbox on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from pydantic_core import from_json

from events.journal import FIRST, JournalRecord
from workers.audit.findings import Finding, Kind
from workers.journal.chain import Chain
from workers.journal.record import Link, UnableToReadJournalError, hash_of


class Stands(Protocol):
    """A record of a topic (`keeping.kept.Kept`)."""

    @property
    def offset(self) -> int:
        """Where it stands."""

    @property
    def value(self) -> bytes | None:
        """Its bytes."""


class Seen(NamedTuple):
    """A record that was met: where it stands, what it decides, and the how manieth accepted one it is."""

    position: int
    offset: int
    accepted: int | None


class Passed(NamedTuple):
    """A record that readers pass over, or cannot pass."""

    position: int
    hash: str
    link: Link | None
    """None where it is no journal record."""
    stops: bool
    """Whether it follows the head and does not read, so that every reader stops here."""


Hear = Callable[[int, JournalRecord], None]
"""Takes the position of an accepted record, and the record."""


@dataclass
class Walk:
    """What was met on the way."""

    partition: int
    chain: Chain
    accepted: int = 0
    seen: dict[str, Seen] = field(default_factory=dict)
    """By hash; of records that are the same, the first."""
    passed: list[Passed] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    """What shows at a record by itself: it does not match the inbox, or its place is empty."""
    end: int = 0
    """The position after the last record."""

    def take(self, position: int, value: bytes) -> JournalRecord | None:
        """The record, where it follows the head."""
        if position > self.end:
            self.findings.append(Finding(Kind.REMOVED, self.partition, position, self._next_offset(value)))
        self.end = position + 1
        try:
            record = self.chain.follow(value)
        except UnableToReadJournalError:
            self._pass(position, value, stops=True)
            return None
        if record is None:
            self._pass(position, value, stops=False)
            return None
        self.chain.position = self.end
        self.seen.setdefault(self.chain.hash, Seen(position, self.chain.offset, self.accepted))
        self.accepted += 1
        if record.id != f"{self.partition}/{record.data.offset}":
            self.findings.append(Finding(Kind.ALTERED, self.partition, position, record.data.offset, position))
        return record

    def _pass(self, position: int, value: bytes, *, stops: bool) -> None:
        link, digest = link_of(value), hash_of(value)
        self.passed.append(Passed(position, digest, link, stops))
        if link is not None:
            self.seen.setdefault(digest, Seen(position, link.offset, None))

    def _next_offset(self, value: bytes) -> int | None:
        link = link_of(value)
        return link.prev if link else None


def link_of(value: bytes) -> Link | None:
    """What these bytes say of their place in the chain; None where they are no journal record."""
    try:
        data = from_json(value)["data"]
        link = Link(data["prev"], data["prev_hash"], data["offset"])
    except (ValueError, LookupError, TypeError):
        return None
    whole = isinstance(link.prev, int) and isinstance(link.prev_hash, str) and isinstance(link.offset, int)
    return link if whole else None


def walk(partition: int, journal: Iterable[Stands], inbox: Iterable[Stands], hear: Hear | None = None) -> Walk:
    """Walk the journal to its end; each accepted record passes by `hear`. The inbox is read as far as it is needed."""
    met, beside = Walk(partition, Chain(partition)), _Beside(iter(inbox))
    for stands in journal:
        value = stands.value or b""
        record = met.take(stands.offset, value)
        if record is None:
            continue
        for kind, offset in beside.against(record, value):
            met.findings.append(Finding(kind, partition, stands.offset, offset))
        if hear is not None:
            hear(stands.offset, record)
    return met


class _Beside:
    """The inbox, read alongside the journal that decides it."""

    def __init__(self, inbox: Iterator[Stands]) -> None:
        self._inbox = inbox
        self._at: Stands | None = None
        self._decided = FIRST

    def against(self, record: JournalRecord, value: bytes) -> Iterator[tuple[Kind, int]]:
        """What is wrong with what this accepted record says was heard, and which offsets of the inbox that is about.

        What stands between the record that was decided before and this one is decided by nobody ever. Where nothing
        stands, nothing is missing: not every offset of a topic has a record.
        """
        offset = record.data.offset
        while self._at is None or self._at.offset < offset:
            if self._at is not None and self._at.offset > self._decided:
                yield Kind.UNDECIDED, self._at.offset
            self._at = next(self._inbox, None)
            if self._at is None:
                break
        self._decided = max(self._decided, offset)
        if self._at is None or self._at.offset != offset:
            yield Kind.NOT_IN_INBOX, offset
        elif not _unreadable(record) and not _holds(value, self._at.value or b""):
            yield Kind.UNHEARD, offset


def _unreadable(record: JournalRecord) -> bool:
    """Whether it decides what could not be read, so that it does not hold it."""
    return record.data.heard is None and record.data.unread is not None


def _holds(value: bytes, raw: bytes) -> bool:
    """Whether the record holds these bytes as what was heard, as `journal.record.encode` puts them there."""
    begins = value.find(b'"data":{') + len(b'"data":{')
    return value.startswith(b'"heard":%b,"prev":' % raw, begins)
