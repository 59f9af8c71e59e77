"""When a step of the rehearsal is over: all said is decided, all ordered is answered, and nobody's time is up."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from events.base import type_of
from events.enrolment import LineEnrolled
from events.journal import JournalRecord
from events.outcomes import LineDone, LineEnded
from workers.clock.due import Due
from workers.journal.outputs import command_id, tell_id

ENROLLED: Final = type_of(LineEnrolled)
OVER: Final = frozenset({type_of(LineDone), type_of(LineEnded)})


class Quiet:
    """What is still under way, folded from the journal alone, so that a restarted coordinator knows it too."""

    def __init__(self) -> None:
        self.due = Due()
        self._awaited: set[str] = set()
        self._early: set[str] = set()
        self._enrolled: set[str] = set()
        self._over: set[str] = set()

    def heard(self, partition: int, record: JournalRecord) -> None:
        """Know what this record ends and begins."""
        data = record.data
        self.due.heard(record)
        if data.heard is not None:
            self._end(data.heard.id)
            if data.heard.causationid.startswith("c/"):
                self._awaited.discard(data.heard.causationid)
            if data.heard.type == ENROLLED:
                self._enrolled.add(data.heard.data["line"])
        self._over.update(outcome["line"] for outcome in data.outcomes if outcome["type"] in OVER)
        self._awaited.update(command_id(partition, data.offset, number) for number in range(len(data.commands)))
        self.expect(tell_id(partition, data.offset, number) for number in range(len(data.tells)))

    def expect(self, ids: Iterable[str]) -> None:
        """These messages are on their way to an inbox. Another partition may have shown them already."""
        for id_ in ids:
            if id_ in self._early:
                self._early.discard(id_)
            else:
                self._awaited.add(id_)

    def _end(self, id_: str) -> None:
        if id_ in self._awaited:
            self._awaited.discard(id_)
        else:
            self._early.add(id_)

    def nothing_under_way(self) -> bool:
        """Whether all that was said is decided, and all that was ordered is answered."""
        return not self._awaited

    def under_way(self) -> list[str]:
        """A few of the ids that are awaited, for whoever asks why nothing moves."""
        return sorted(self._awaited)[:5]

    def nobody_waits(self, now: datetime) -> bool:
        """Whether no subject's time has come without a decision."""
        at = self.due.next()
        return at is None or at > now

    def all_over(self) -> bool:
        """Whether every enrolled line is done or ended."""
        return bool(self._enrolled) and self._enrolled <= self._over

    def progress(self) -> tuple[int, int]:
        """Lines over, and lines enrolled."""
        return len(self._over & self._enrolled), len(self._enrolled)
