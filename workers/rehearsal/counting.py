"""How far the lines are, counted from the journal as it grows, without folding what is known of each."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from events.base import type_of
from events.cutover import ForwardConfirmed
from events.dispatch import HandedOver
from events.enrolment import LineEnrolled
from events.journal import JournalRecord
from events.outcomes import LineDone, LineEnded, TaskClosed, TaskOpened
from events.places import KitGranted
from events.porting import PortAccepted, PortPerformed
from events.sim import SimAttached
from workers.runtime.language import marked

PHASES: Final = {
    marked("enrolled"): type_of(LineEnrolled),
    marked("kit reserved"): type_of(KitGranted),
    marked("handed over"): type_of(HandedOver),
    marked("new SIM attached"): type_of(SimAttached),
    marked("port accepted"): type_of(PortAccepted),
    marked("net set"): type_of(ForwardConfirmed),
    marked("number moved"): type_of(PortPerformed),
}
"""The first fact that says a line got this far, by the phase as it is shown."""
_PHASE_OF: Final = {type_: phase for phase, type_ in PHASES.items()}
DONE, ENDED = type_of(LineDone), type_of(LineEnded)
OPENED, CLOSED = type_of(TaskOpened), type_of(TaskClosed)


@dataclass
class Tally:
    """Lines per phase, open tasks, records."""

    reached: dict[str, set[str]] = field(default_factory=lambda: {phase: set() for phase in PHASES})
    done: set[str] = field(default_factory=set)
    ended: dict[str, str] = field(default_factory=dict)
    tasks: dict[str, str] = field(default_factory=dict)
    """Open tasks: id to the role that has them."""
    incidents: set[str] = field(default_factory=set)
    records: int = 0
    facts: Counter[str] = field(default_factory=Counter)

    def heard(self, record: JournalRecord) -> None:
        """Count what this record says."""
        self.records += 1
        said = record.data.heard
        if said is not None and not record.data.duplicate:
            self.facts[said.type] += 1
            phase = _PHASE_OF.get(said.type)
            if phase is not None:
                self.reached[phase].add(said.data["line"])
        for outcome in record.data.outcomes:
            self._outcome(outcome)

    def _outcome(self, outcome: dict[str, Any]) -> None:
        line = outcome["line"]
        if outcome["type"] == DONE:
            self.done.add(line)
        elif outcome["type"] == ENDED:
            self.ended[line] = outcome["reason"]
        elif outcome["type"] == OPENED:
            self.tasks[outcome["task"]] = outcome["role"]
        elif outcome["type"] == CLOSED:
            self.tasks.pop(outcome["task"], None)
