"""What can be wrong with a journal, and where: each finding names a place and says what is the matter there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from workers.runtime.language import _, marked


class Kind(StrEnum):
    """What is wrong."""

    ALTERED = "altered"
    REMOVED = "removed"
    MOVED = "moved"
    INSERTED = "inserted"
    FORKED = "forked"
    UNREADABLE = "unreadable"
    STOPPING = "stopping"
    ENDS_EARLY = "ends-early"
    UNHEARD = "unheard"
    NOT_IN_INBOX = "not-in-inbox"
    UNDECIDED = "undecided"
    ANCHOR_BROKEN = "anchor-broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    kind: Kind
    partition: int
    position: int
    """The offset in the journal at which it shows."""
    offset: int | None = None
    """The inbox offset that it is about, where one is known."""
    other: int | None = None
    """The second position, where it takes two to see it."""

    def told(self) -> str:
        """The finding as a sentence."""
        place = _("journal, partition {partition}, offset {position}").format(
            partition=self.partition, position=self.position
        )
        return f"{place}: " + _(_TEXTS[self.kind]).format(offset=self.offset, other=self.other)


_TEXTS: Final = {
    Kind.ALTERED: marked(
        "was altered: its bytes are not those that were chained to (the record at offset {other} shows it)"
    ),
    Kind.REMOVED: marked("right before it, the record that decided inbox offset {offset} is missing"),
    Kind.MOVED: marked("stands before the record that it follows, which stands at offset {other}"),
    Kind.INSERTED: marked("was put in: it names a predecessor that is not there, and no record follows it"),
    Kind.FORKED: marked(
        "two records follow the same one, here and at offset {other}, and more follow the second, which no reader "
        "accepts: one was put in, or a decider is only now catching up; let the deciders run, and look again"
    ),
    Kind.UNREADABLE: marked("is no journal record of ours, or no longer one"),
    Kind.STOPPING: marked("follows the last record that reads, and does not read itself: every reader stops there"),
    Kind.ENDS_EARLY: marked(
        "stands last, and the deciders had come as far as inbox offset {offset}: what was decided after it is gone"
    ),
    Kind.UNHEARD: marked("what it says was heard is not what stands in the inbox at offset {offset}"),
    Kind.NOT_IN_INBOX: marked("it decides inbox offset {offset}, and nothing stands there"),
    Kind.UNDECIDED: marked("it passes over inbox offset {offset}: what stands there is decided by nobody"),
    Kind.ANCHOR_BROKEN: marked("the anchor names another record that decided inbox offset {offset}, or it is gone"),
}


@dataclass(frozen=True, slots=True)
class Ignored:
    """A record that no reader accepts and that is no tampering: somebody had decided first (docs/journal.md)."""

    partition: int
    position: int
    offset: int
    again: bool
    """True where it is the very same record once more; false where a decider that had lost its place wrote it."""

    def told(self) -> str:
        """The record as a line."""
        told = _("journal, partition {partition}, offset {position}: ignored by every reader").format(
            partition=self.partition, position=self.position
        )
        why = (
            _("the same record stands there before")
            if self.again
            else _("inbox offset {offset} had been decided before").format(offset=self.offset)
        )
        return f"{told}, {why}"
