"""Who did what, when, on what, from where, with what result: a row per order, command and unread message.

The six things that a log line of BIO2 8.15.01 holds (action, object, result, origin, actor, timestamp), with the second
time and the place in the journal where it can be read again. Nothing that a person wrote is copied, and no number, name
or note: ids, accounts and words of ours alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from events.base import Answer
from events.journal import JournalRecord
from events.registry import FACT_TYPES
from workers.journal.outputs import command_id
from workers.journal.record import SOURCE
from workers.runtime.type_names import versioned

BY: Final = ("by", "approved_by")
"""Fields of a fact that name the account behind it."""
ANSWERS: Final = frozenset(name for name, kind in FACT_TYPES.items() if issubclass(kind, Answer))


class Became(StrEnum):
    """What became of a message. An unread one has its reason behind it, an answered command its answers instead."""

    DECIDED = "decided"
    HEARD_BEFORE = "heard before"
    UNREAD = "unread"
    NO_ANSWER = "no answer yet"


@dataclass(slots=True)
class Row:
    """One line of the log."""

    at: datetime
    """When it was decided or ordered, by the programme's clock: the timestamp."""
    actor: str
    """The account; for a command the decider, with the fingerprint of its code; empty where nobody can be named."""
    action: str
    """The message's type, without the prefix that all have; `unread` where there is none."""
    object: str
    """The line, or the subject."""
    result: str
    """What became of it: decided, heard before, unread and why; of a command every answer that came."""
    origin: str
    """Where it came from, as its envelope says."""
    true_at: datetime | None
    """When it was true, or was said, by whoever said it."""
    recorded_at: datetime | None
    """When we heard it; of a command, when it was ordered."""
    answered_at: datetime | None = None
    """When the last answer to a command was decided on."""
    because: str = ""
    """The reasons that stood after it, as codes."""
    subject: str = ""
    key: str = ""
    """A command's business key."""
    place: str = ""
    """Partition and offset in the journal."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which rows are asked for. What is empty lets everything through; the period is half-open."""

    since: datetime | None = None
    until: datetime | None = None
    employee: str = ""

    def lets(self, row: Row) -> bool:
        """Whether the row is asked for."""
        return (
            (self.since is None or row.at >= self.since)
            and (self.until is None or row.at < self.until)
            and self.is_of(row)
        )

    def is_of(self, row: Row) -> bool:
        """Whether it is about whom is asked for; about anybody where nobody is."""
        owner = row.object.rpartition("-")[0]
        return self.employee in {"", row.subject, row.object} or ("-" in owner and owner == self.employee)


@dataclass
class Log:
    """Gathers the rows of one partition after the other. An answer stands on its command's partition, behind it."""

    wanted: Wanted = field(default_factory=Wanted)
    rows: list[Row] = field(default_factory=list)
    met: bool = False
    """Whether anything was heard about whom is asked for, in whatever period."""
    ids: set[str] = field(default_factory=set)
    """Every subject and line about which anything was heard."""
    _ordered: dict[str, Row] = field(default_factory=dict)
    """Every command of the partition that is being read, by its id and by its business key."""
    _partition: int = -1

    def hear(self, partition: int, position: int, record: JournalRecord) -> None:
        """Take an accepted record of the journal."""
        if partition != self._partition:
            self._partition, self._ordered = partition, {}
        self._answer(record)
        said = _said(record, f"{partition}/{position}")
        self.met = self.met or self.wanted.is_of(said)
        self.ids.update((said.subject, said.object))
        if said.actor or record.data.unread is not None:
            self._keep(said)
        for number, command in enumerate(record.data.commands):
            row = _ordered(record, command, said.place)
            self._ordered[command_id(partition, record.data.offset, number)] = row
            self._ordered[row.key] = row
            self._keep(row)

    def _keep(self, row: Row) -> None:
        if self.wanted.lets(row):
            self.rows.append(row)

    def _answer(self, record: JournalRecord) -> None:
        heard = record.data.heard
        if heard is None or record.data.duplicate or heard.type not in ANSWERS:
            return
        # To take a command back is an order too, and what is said then answers both.
        named = (heard.causationid, str(heard.data.get("key", "")))
        for row in {id(row): row for name in named if (row := self._ordered.get(name))}.values():
            answer = versioned(heard.type)
            row.result = answer if row.result == Became.NO_ANSWER else f"{row.result}, {answer}"
            row.answered_at = record.data.at

    def in_order(self) -> list[Row]:
        """The rows by time, and then by place: as they were heard, partition by partition."""
        return sorted(self.rows, key=lambda row: row.at)


def _said(record: JournalRecord, place: str) -> Row:
    data, heard = record.data, record.data.heard
    because = " ".join(dict.fromkeys(each.reason for each in data.because))
    return Row(
        at=data.at,
        actor=_who(record),
        action=versioned(heard.type) if heard is not None else Became.UNREAD,
        object=str(heard.data.get("line") or record.subject) if heard is not None else record.subject,
        result=_became(record),
        origin=heard.source if heard is not None else "",
        true_at=heard.time if heard is not None else None,
        recorded_at=heard.recordedtime if heard is not None else None,
        because=because,
        subject=record.subject,
        place=place,
    )


def _who(record: JournalRecord) -> str:
    """The account that gave the order: the envelope's, or the one that the fact names."""
    heard = record.data.heard
    if heard is None:
        return ""
    named = next((str(heard.data[name]) for name in BY if heard.data.get(name)), "")
    return heard.actor or named


def _became(record: JournalRecord) -> str:
    if record.data.unread is not None:
        return f"{Became.UNREAD}: {record.data.unread.reason}"
    return Became.HEARD_BEFORE if record.data.duplicate else Became.DECIDED


def _ordered(record: JournalRecord, command: dict[str, object], place: str) -> Row:
    data = record.data
    return Row(
        at=data.at,
        actor=f"decider {data.code}",
        action=versioned(str(command["type"])),
        object=str(command["line"]),
        result=Became.NO_ANSWER,
        origin=SOURCE,
        true_at=data.at,
        recorded_at=data.at,
        subject=record.subject,
        key=str(command["key"]),
        place=place,
    )
