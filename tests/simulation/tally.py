"""What came of a run, counted as it happens."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from events.base import LineId, SubjectId
from events.outcomes import IncidentClosed, IncidentOpened, LineDone, LineEnded, Outcome, TaskClosed, TaskOpened
from orchestrator.decision import Decision


@dataclass
class Tally:
    """What came of it, counted as it happens."""

    over: dict[LineId, str] = field(default_factory=dict)
    open_tasks: dict[LineId, dict[str, TaskOpened]] = field(default_factory=lambda: defaultdict(dict))
    tasks: Counter[tuple[LineId, str]] = field(default_factory=Counter)
    incidents: Counter[str] = field(default_factory=Counter)
    open_incidents: set[tuple[LineId, str]] = field(default_factory=set)
    decisions: Counter[SubjectId] = field(default_factory=Counter)
    ordered: Counter[tuple[LineId, str]] = field(default_factory=Counter)
    unrouted: Counter[str] = field(default_factory=Counter)
    steps: int = 0

    def decided(self, subject: SubjectId, decision: Decision) -> None:
        self.decisions[subject] += 1
        self.ordered.update((c.line, c.key.split("/")[2]) for c in decision.commands)
        for outcome in decision.outcomes:
            self._outcome(outcome)

    def _outcome(self, outcome: Outcome) -> None:
        match outcome:
            case LineDone():
                self.over[outcome.line] = "done"
            case LineEnded():
                self.over[outcome.line] = outcome.reason
            case TaskOpened():
                self.tasks[outcome.line, outcome.kind] += 1
                self.open_tasks[outcome.line][outcome.task] = outcome
            case TaskClosed():
                self.open_tasks[outcome.line].pop(outcome.task, None)
            case IncidentOpened():
                self.incidents[outcome.kind] += 1
                self.open_incidents.add((outcome.line, outcome.kind))
            case IncidentClosed():
                self.open_incidents.discard((outcome.line, outcome.kind))
