"""Any subject: a fact heard, a decision taken, and what is known afterwards. The one fold that every reader uses."""

from datetime import datetime
from typing import Final, TypeGuard, assert_never, get_args

from events.base import SubjectId
from events.control import ProgrammeFact, ReportUnrouted, TimeCome
from events.messages import SendMessage
from events.places import PlaceAsked, PlaceReturned, RosterFact, StockFact
from events.planning import WaveFact
from events.registry import AnyFact, HolderFact
from orchestrator import deciding, knowing
from orchestrator.decision import Decision
from orchestrator.record import Holder
from orchestrator.shared import programme as programmes
from orchestrator.shared import roster as rosters
from orchestrator.shared import stock as stocks
from orchestrator.shared import wave as waves
from orchestrator.shared.programme import Programme
from orchestrator.shared.roster import Roster
from orchestrator.shared.stock import Stock
from orchestrator.shared.wave import Wave
from orchestrator.terms import Terms

State = Holder | Wave | Roster | Stock | Programme
"""What is known of one subject."""


_HOLDER_FACTS: Final = frozenset(get_args(HolderFact))


def is_holder_fact(fact: AnyFact) -> TypeGuard[HolderFact]:
    """Whether an employee or a shared line hears this. One look-up, where `isinstance` asks class by class."""
    return type(fact) in _HOLDER_FACTS


def fresh(subject: SubjectId) -> State:
    """A subject of which nothing is known."""
    match subject[0]:
        case "W":
            return Wave(subject)
        case "R":
            return Roster(subject)
        case "K":
            return Stock(subject)
        case "P":
            return Programme(subject)
        case _:
            # An employee or a shared number. An id of no known kind is somebody's all the same: no fact is refused.
            return Holder(subject)


def hear(state: State, fact: AnyFact, at: datetime, *, now: datetime) -> State:
    """What is known once the subject heard this. A fact that is none of its business changes nothing.

    What is said to be true later than now, by a clock ahead of ours, is true now: else no proof could be younger.
    """
    at = min(at, now)
    match state:
        case Holder():
            return knowing.heard(state, fact, at) if is_holder_fact(fact) else state
        case Wave():
            return waves.heard(state, fact, at) if isinstance(fact, WaveFact | TimeCome) else state
        case Roster():
            return rosters.heard(state, fact, at) if isinstance(fact, RosterFact | TimeCome) else state
        case Stock():
            return stocks.heard(state, fact, at) if isinstance(fact, StockFact | TimeCome) else state
        case Programme():
            return programmes.heard(state, fact, at) if isinstance(fact, ProgrammeFact | TimeCome) else state
        case _:
            assert_never(state)


def decide(state: State, fact: AnyFact, *, now: datetime, terms: Terms) -> Decision:
    """What follows, this fact having been heard."""
    come = isinstance(fact, TimeCome)
    match state:
        case Holder():
            return deciding.decide(state, now=now, terms=terms)
        case Wave():
            return waves.decide(state, now=now, terms=terms, round_=come)
        case Roster():
            return rosters.decide(state, now=now, terms=terms, round_=come)
        case Stock():
            return stocks.decide(state, now=now, terms=terms, round_=come)
        case Programme():
            return programmes.decide(state, terms=terms, new=isinstance(fact, ReportUnrouted))
        case _:
            assert_never(state)


def apply(state: State, decision: Decision, now: datetime) -> State:
    """What is known once this decision is in the journal: what it made true, ordered and said counts from then on."""
    match state:
        case Holder():
            return _holder(state, decision, now)
        case Wave():
            return waves.told(state, decision.tells)
        case Roster():
            return rosters.told(state, decision.tells)
        case Stock():
            return stocks.told(state, decision.tells)
        case Programme():
            for command in decision.commands:
                if isinstance(command, SendMessage):
                    state = programmes.ordered(state, command)
            return state
        case _:
            assert_never(state)


def _holder(holder: Holder, decision: Decision, now: datetime) -> Holder:
    for outcome in decision.outcomes:
        holder = knowing.decided(holder, outcome, now)
    for command in decision.commands:
        holder = knowing.ordered(holder, command, now)
    for tell in decision.tells:
        if isinstance(tell.fact, PlaceAsked | PlaceReturned):
            holder = knowing.place_told(holder, tell.to, tell.fact)
        else:
            holder = knowing.told(holder, tell.fact, now)
    return holder
