"""How far the lines are, counted from the journal as it grows, without folding what is known of each."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from events.cutover import ForwardConfirmed
from events.dispatch import HandedOver
from events.enrolment import LineEnrolled
from events.journal import JournalRecord
from events.outcomes import LineDone, LineEnded, TaskClosed, TaskOpened
from events.places import KitGranted
from events.porting import PortAccepted, PortPerformed
from events.sim import SimAttached


def _type(message: Any) -> str:  # noqa: ANN401 - a message class, whose `type` field is its own
    return str(message.model_fields["type"].default)


PHASES: Final = {
    "enrolled": _type(LineEnrolled),
    "kit reserved": _type(KitGranted),
    "handed over": _type(HandedOver),
    "new SIM attached": _type(SimAttached),
    "port accepted": _type(PortAccepted),
    "net set": _type(ForwardConfirmed),
    "number moved": _type(PortPerformed),
}
"""The first fact that says a line got this far."""
_PHASE_OF: Final = {type_: phase for phase, type_ in PHASES.items()}
DONE, ENDED = _type(LineDone), _type(LineEnded)
OPENED, CLOSED = _type(TaskOpened), _type(TaskClosed)


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
