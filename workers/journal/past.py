"""The programme as it was: a fold that stops knowing at a moment, by when we knew or by when it was true."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from events.control import TimeCome
from orchestrator import subjects
from orchestrator.terms import Terms
from workers.journal.fold import Fold, mark
from workers.journal.record import Entry


@dataclass
class Past(Fold):
    """One partition as it was known at `until`; with `hindsight`, also with what was learned later and true by then.

    What was decided and ordered later is left out either way: at that moment it was not so.
    """

    until: datetime = field(kw_only=True)
    hindsight: bool = False
    later: list[Entry] = field(default_factory=list)
    """Facts that were true by then and heard later, in the order in which they were heard."""

    def follow(self, value: bytes) -> Entry | None:
        """Fold a record in if it follows the head and was decided by then; None for all others."""
        entry = self._accepted(value)
        if entry is None:
            return None
        if entry.at <= self.until:
            self._advance(entry, mark(entry.heard) if entry.heard is not None else b"")
            return entry
        self.offset, self.hash = entry.link.offset, entry.hash
        self._learn(entry)
        return None

    def _learn(self, entry: Entry) -> None:
        heard = entry.heard
        if heard is None or entry.duplicate or heard.time > self.until or isinstance(heard.message, TimeCome):
            return
        self.later.append(entry)
        if self.hindsight:
            state = subjects.hear(self.state(entry.subject), heard.message, heard.time, now=self.until)
            self.states[entry.subject] = state


def pasts_of(partitions: int, terms: Terms, *, until: datetime, hindsight: bool) -> list[Fold]:
    """A fold per partition that stops knowing at `until`, of which nothing is known yet."""
    return [Past(partition, terms, until=until, hindsight=hindsight) for partition in range(partitions)]
