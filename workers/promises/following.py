"""The journal followed with an eye on the promises: which record broke which, told once."""

from dataclasses import dataclass, field
from typing import NamedTuple

from orchestrator.record import Holder
from workers.journal.fold import Fold
from workers.journal.record import Entry
from workers.promises.judging import Broken, Onlooker


class At(NamedTuple):
    """Where in the journal a promise was broken: the record that decides this inbox offset of this partition."""

    partition: int
    offset: int
    broken: Broken


@dataclass
class Watchful(Fold):
    """A fold that looks on. Fulfils `follower.Follower`."""

    broken: list[At] = field(default_factory=list)
    """What was found since this was taken last."""
    _onlooker: Onlooker = field(default_factory=Onlooker)

    def follow(self, value: bytes) -> Entry | None:
        """Fold a record in if it follows the head, and look at what its decision broke."""
        entry = super().follow(value)
        if entry is not None and not entry.duplicate:
            self._look_on(entry)
        return entry

    def _look_on(self, entry: Entry) -> None:
        state = self.states.get(entry.subject)
        if not isinstance(state, Holder):
            return
        looks = entry.subject in self.looks
        found = self._onlooker.broken(state, entry.decision, now=entry.at, looks=looks)
        self.broken += [At(self.partition, entry.link.offset, broken) for broken in found]

    def taken(self) -> list[At]:
        """What was found since this was asked last."""
        found, self.broken = self.broken, []
        return found
