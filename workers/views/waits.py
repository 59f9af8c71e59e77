"""Who waits for what, on whom, since when: the reasons of each subject's latest decision, as the journal gives them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from events.base import LineId, SubjectId
from orchestrator.reasons import TEXTS, Counterpart, Reason
from workers.journal.record import Entry


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that a line, or a whole subject, waits for."""

    subject: SubjectId
    line: LineId | None
    reason: Reason
    since: datetime
    until: datetime | None

    @property
    def who(self) -> str:
        """The line, or the subject where the reason is the whole subject's."""
        return self.line or self.subject

    @property
    def on(self) -> Counterpart:
        """Whom it waits for; nobody, when there is nothing to wait for."""
        return TEXTS[self.reason].on


_Key = tuple[LineId | None, Reason]
_ASIDE: Final = frozenset({Reason.DUPLICATE, Reason.UNREAD})
"""Said of a message, not of a subject: what the subject waits for is as it was."""


@dataclass
class Waits:
    """The latest reasons of every subject. A reason that stays keeps the time at which it was first given."""

    by_subject: dict[SubjectId, dict[_Key, Wait]] = field(default_factory=dict)

    def hear(self, entry: Entry) -> None:
        """Take in one record of the journal."""
        reasons = [because for because in entry.decision.because if because.reason not in _ASIDE]
        if entry.duplicate or not reasons:
            return
        before = self.by_subject.get(entry.subject, {})
        now: dict[_Key, Wait] = {}
        for because in reasons:
            key = (because.line, because.reason)
            since = because.since or (before[key].since if key in before else entry.at)
            now[key] = Wait(entry.subject, because.line, because.reason, since, because.until)
        self.by_subject[entry.subject] = now

    def recall(self, waits: Iterable[Wait]) -> None:
        """Take in what a reader kept."""
        for wait in waits:
            self.by_subject.setdefault(wait.subject, {})[wait.line, wait.reason] = wait

    def of(self, subject: SubjectId, line: LineId | None = None) -> list[Wait]:
        """What this subject, or this line of it, waits for: the first is what its decision put first."""
        waits = self.by_subject.get(subject, {}).values()
        return [wait for wait in waits if line is None or wait.line in {None, line}]

    def __iter__(self) -> Iterator[Wait]:
        """Every wait of every subject."""
        return (wait for waits in self.by_subject.values() for wait in waits.values())


_OWN: Final = {"W": Reason.WAVE_NOT_RUNNING}
"""What a wave says of itself: its lines are the ones that wait for it."""


@dataclass(frozen=True, slots=True)
class WaitGroup:
    """All that wait for one reason."""

    reason: Reason
    waits: tuple[Wait, ...]

    @property
    def oldest(self) -> Wait:
        """The one that waits longest."""
        return min(self.waits, key=lambda wait: (wait.since, wait.who))


def waiting_list(waits: Iterable[Wait]) -> list[WaitGroup]:
    """Those that wait for somebody, grouped by reason: the largest group first. What waits for nobody is left out."""
    groups: defaultdict[Reason, list[Wait]] = defaultdict(list)
    for wait in waits:
        if wait.on is not Counterpart.NOBODY and wait.reason is not _OWN.get(wait.subject[0]):
            groups[wait.reason].append(wait)
    return sorted(
        (WaitGroup(r, tuple(w)) for r, w in groups.items()), key=lambda group: (-len(group.waits), group.reason)
    )
