"""What must hold at every step of a run, looked at while it runs: nobody is forgotten, and help comes at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from events.base import SubjectId
from events.cutover import Network, SetForward
from events.messages import SendMessage
from events.outcomes import IncidentOpened
from events.porting import PortPerformed
from events.registry import AnyFact
from orchestrator.deciding import decide_line
from orchestrator.deciding.case import Case
from orchestrator.decision import Decision
from orchestrator.reasons import Reason
from orchestrator.record import AskState, Holder, Line
from orchestrator.shared.roster import Roster
from orchestrator.shared.stock import Stock
from orchestrator.shared.wave import Wave
from tests.simulation.in_process import Programme

BY_HAND: Final = frozenset({Reason.ON_HOLD, Reason.WAVE_NOT_RUNNING, Reason.NOT_PLANNED})
"""Reasons that a named person gave and will take away: who holds a line, and who starts its wave."""


@dataclass
class Watch:
    """What was seen that must not be, in words."""

    forgotten: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    unhelped: list[str] = field(default_factory=list)

    def seen(self) -> list[str]:
        """All of it."""
        return [*self.forgotten, *self.undecided, *self.unhelped]

    def decided(self, programme: Programme, subject: SubjectId, fact: AnyFact, decision: Decision) -> None:
        """In the very decision that hears of a port before its time, the net goes up on the new network."""
        state = programme.states[subject]
        if not isinstance(fact, PortPerformed) or not isinstance(state, Holder):
            return
        line = state.lines[fact.line]
        opened = any(isinstance(o, IncidentOpened) and o.line == fact.line for o in decision.outcomes)
        ordered = any(isinstance(c, SetForward) and c.network is Network.NEW for c in decision.commands)
        net = line.nets.get(Network.NEW)
        if opened and line.terms and line.terms.net and not ordered and not (net and net.stands()):
            self.unhelped.append(f"{programme.clock.at:%m-%d %H:%M} {fact.line}: ported early, and no forward ordered")

    def stepped(self, programme: Programme) -> None:
        """Whoever was decided in this step is waited for by somebody, and nothing more was to be ordered at once."""
        for subject in sorted(programme.touched):
            state = programme.states[subject]
            if isinstance(state, Holder):
                for line in state.lines.values():
                    if line.done_at is None and line.ended is None and line.terms is not None:
                        self._line(programme, state, line)

    def _line(self, programme: Programme, holder: Holder, line: Line) -> None:
        assert line.terms is not None
        case = Case(holder, line, line.terms, now=programme.clock.at, terms=programme.terms)
        decide_line(case)
        where = f"{programme.clock.at:%m-%d %H:%M} {line.id} {[str(b.reason) for b in case.because]}"
        acts = [command for command in case.commands if not isinstance(command, SendMessage)]
        if acts or case.outcomes or case.tells:
            said = [type(each).__name__ for each in (*acts, *case.outcomes, *(t.fact for t in case.tells))]
            self.undecided.append(f"{where}: {said} was to be ordered at once")
        elif not self._waited_for(programme, line, case):
            self.forgotten.append(f"{where}: nobody looks again")

    def _waited_for(self, programme: Programme, line: Line, case: Case) -> bool:
        if case.look_again_at is not None or any(task.closed_at is None for task in line.tasks.values()):
            return True
        if any(ask.state is AskState.ASKED for ask in line.asks.values()):
            return True
        return _asked_of_another(programme, line) or any(b.reason in BY_HAND for b in case.because)


def _asked_of_another(programme: Programme, line: Line) -> bool:
    """Whether another subject, which will be looked at, holds an ask of this line."""
    for subject, state in programme.states.items():
        if isinstance(state, Wave | Stock | Roster) and line.id in state.asks:
            return subject in programme.looks
    return False
