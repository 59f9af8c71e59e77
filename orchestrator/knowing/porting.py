"""What is known of the port. Facts may come late, twice and crossed; what was performed is never refused."""

from datetime import datetime, timedelta
from typing import Final, assert_never

from events.base import Dossier, Iccid
from events.porting import (
    DataCorrected,
    NumberDeactivated,
    PortAccepted,
    PortBlocked,
    PortBooked,
    PortCancelled,
    PortDelayed,
    PortErrorFound,
    PortExecuting,
    PortFact,
    PortInvalid,
    PortLapsed,
    PortMissedBatch,
    PortPerformed,
    PortRebound,
    PortRecalled,
    PortReported,
    PortReversed,
    PortState,
    PortSubmitted,
    PortTold,
    PortWithdrawn,
    RequestPort,
)
from orchestrator.knowing.asks import settle
from orchestrator.knowing.dispatch import later
from orchestrator.record import AskState, Closed, Line, Port, with_

RANK: Final = {state: rank for rank, state in enumerate(PortState)}
"""At the same instant the state that is further on holds."""

OVER: Final = frozenset(
    {PortState.BLOCKED, PortState.FAILED, PortState.CANCELLED, PortState.LAPSED, PortState.REVERSED, PortState.RETURNED}
)
"""States in which a dossier is closed."""

REFUSAL: Final = frozenset({"code", "note"})
"""What belongs to the state that was reported with it."""

MOVED: Final = frozenset({PortState.PERFORMED, PortState.REVERSED, PortState.RETURNED})
"""States that a mere answer to the request cannot take back."""


def requested(line: Line, command: RequestPort, at: datetime) -> Line:
    """We asked for the port: a new dossier is the line's current one, an earlier one is history."""
    port = line.port
    if port.dossier == command.dossier:
        return line
    fresh = Port(
        attempt=port.attempt + 1,
        dossier=command.dossier,
        state=PortState.UNKNOWN,
        state_at=at,
        ordered=command.iccid,
        terminates=command.early_termination,
        corrected_at=port.corrected_at,
        closed=_history(line, at),
        performed_at=port.performed_at,
        reversed_at=port.reversed_at,
        deactivated_at=port.deactivated_at,
    )
    return with_(line, port=fresh)


def _history(line: Line, at: datetime) -> tuple[Closed, ...]:
    port, ask = line.port, line.asks.get("port")
    if port.dossier is None or port.state is None:
        return port.closed
    state = port.state
    if state is PortState.ACCEPTED:
        # While accepted, nothing but an acceptance that ran out makes us ask anew: that dossier is over (R3).
        state = PortState.LAPSED
    elif state is PortState.UNKNOWN and ask is not None and ask.state is AskState.REFUSED:
        state = PortState.FAILED  # nobody took that request, so it never was open
    others = (one for one in port.closed if one.dossier != port.dossier)  # word of it came before we asked for it
    return (*others, Closed(port.dossier, state, port.state_at or at, port.code, port.note))


def heard_port(line: Line, fact: PortFact, at: datetime) -> Line:
    """The line with this fact about its port known."""
    match fact:
        case DataCorrected():
            return with_(line, port=with_(line.port, corrected_at=later(line.port.corrected_at, at)))
        case PortWithdrawn():
            return with_(line, port=with_(line.port, withdrawn_at=later(line.port.withdrawn_at, at)))
        case PortPerformed():
            return with_(line, port=performed(line.port, fact.dossier, at, asked=_ordered(line)))
        case PortTold():
            line = settle(line, fact, AskState.DONE, at)
            return with_(line, port=_told(line.port, fact, at, asked=_ordered(line)))
        case PortSubmitted() | PortInvalid() | PortExecuting() | PortBooked() | PortRecalled():
            at = _recalled_at(line, fact, at) if isinstance(fact, PortRecalled) else at
            line = settle(line, fact, AskState.REFUSED if isinstance(fact, PortInvalid) else AskState.DONE, at)
        case (
            PortDelayed()
            | PortBlocked()
            | PortAccepted()
            | PortErrorFound()
            | PortRebound()
            | PortMissedBatch()
            | PortCancelled()
            | PortLapsed()
            | PortReversed()
            | NumberDeactivated()
            | PortReported()
        ):
            pass  # told of a dossier by itself, in answer to nothing that was asked
        case _:
            assert_never(fact)
    if fact.dossier != line.port.dossier:
        return with_(line, port=_elsewhere(line.port, fact.dossier, fact, at))
    return with_(line, port=_of_current(line.port, fact, at))


def _recalled_at(line: Line, fact: PortRecalled, at: datetime) -> datetime:
    """When the port was out of the batch at the latest: a counterpart that is asked again answers as it did before."""
    ask = line.asks.get("recall")
    if ask is None or ask.key == fact.key:
        return ask.at if ask is not None else at
    return min(at, line.port.state_at or at) - timedelta.resolution  # of a booking before this one


def _elsewhere(port: Port, dossier: Dossier, fact: PortFact, at: datetime) -> Port:
    """A fact about a dossier that is not the current one: kept when it says what became of the number."""
    if isinstance(fact, NumberDeactivated):
        return with_(port, deactivated_at=later(port.deactivated_at, at))
    if port.dossier is None and isinstance(fact, PortAccepted):
        return with_(port, closed=(*port.closed, Closed(dossier, PortState.ACCEPTED, at)))
    return port


def moves(port: Port, state: PortState, at: datetime) -> bool:
    """Whether a report of this state, true at that time, is news."""
    if port.state is PortState.RETURNED or (port.state in MOVED and state not in MOVED):
        return False
    if state is PortState.RETURNED or (state in MOVED and port.state not in MOVED):
        return True
    if port.state_at is None or port.state is None or at > port.state_at:
        return True
    return at == port.state_at and RANK[state] > RANK[port.state]


def _to(port: Port, state: PortState, at: datetime, **known: object) -> Port:
    """The port in this state, if that is news; what else a report says counts all the same, its refusal does not."""
    if not moves(port, state, at):
        return with_(port, **{name: value for name, value in known.items() if name not in REFUSAL})
    return with_(port, **known, state=state, state_at=at)


def _of_current(port: Port, fact: PortFact, at: datetime) -> Port:  # noqa: PLR0911, C901 - one line per fact, closed by assert_never
    match fact:
        case PortSubmitted():
            return _to(port, PortState.SUBMITTED, at)
        case PortInvalid():
            return _to(port, PortState.FAILED, at, code=fact.code, note=fact.note)
        case PortDelayed():
            return _to(port, PortState.DELAYED, at, due=fact.due, code=fact.code)
        case PortBlocked():
            return _to(port, PortState.BLOCKED, at, code=fact.code, note=fact.note)
        case PortErrorFound():
            return _to(port, PortState.FAILED, at, code=fact.code, note=fact.note)
        case PortAccepted():
            return accepted(port, fact.first_possible, fact.iccid, at)
        case PortRebound():
            return _bound(port, fact.iccid, at)
        case PortExecuting():
            return _to(port, PortState.EXECUTING, at)
        case PortBooked():
            return _to(port, PortState.BOOKED, at, runs_at=fact.runs_at, recall_until=fact.recall_until)
        case PortRecalled() | PortMissedBatch():
            return _unbooked(port, at)
        case PortReported():
            return _hinted(port, fact.state, at)
        case PortCancelled():
            return _to(port, PortState.CANCELLED, at)
        case PortLapsed():
            return _to(port, PortState.LAPSED, at)
        case PortReversed():
            return reversed_(port, at)
        case NumberDeactivated():
            return _to(port, PortState.RETURNED, at, deactivated_at=at)
        case PortPerformed() | PortTold() | DataCorrected() | PortWithdrawn():
            return port
        case _:
            assert_never(fact)


def _bound(port: Port, iccid: Iccid, at: datetime) -> Port:
    if port.bound_at is not None and at < port.bound_at:
        return port
    return with_(port, bound=iccid, bound_at=at)


def _hinted(port: Port, state: PortState, at: datetime) -> Port:
    """Word of a state that we do not know the port to be in: only the provider's full answer moves it there."""
    if state is port.state or not moves(port, state, at):
        return port
    return with_(port, hinted_at=later(port.hinted_at, at))


def accepted(port: Port, first_possible: datetime, iccid: Iccid, at: datetime) -> Port:
    """The provider accepts; which SIM the order is bound to is its word, not ours (gate rule 5)."""
    port = port if port.bound else _bound(port, iccid, at)
    return _to(port, PortState.ACCEPTED, at, first_possible=first_possible)


def _ordered(line: Line) -> bool:
    """Whether an order to carry the port out has no answer yet, or none that says that nothing was done."""
    asks = (line.asks.get(effect) for effect in ("execute", "book"))
    return any(ask is not None and ask.state in {AskState.ASKED, AskState.UNKNOWN} for ask in asks)


def performed(port: Port, dossier: Dossier, at: datetime, *, asked: bool = False) -> Port:
    """The number is on the new network, whatever was known before; only a deactivation of that dossier is final.

    It came early unless the port was under way or, as `asked` says, may have been.
    """
    if port.deactivated_at and dossier == port.dossier:
        return port
    if port.performed_at is not None or (port.reversed_at and at <= port.reversed_at):
        return port
    under_way = asked or port.state in {PortState.EXECUTING, PortState.BOOKED}
    early = port.dossier != dossier or not under_way
    return with_(port, state=PortState.PERFORMED, state_at=at, performed_at=at, early=early)


def reversed_(port: Port, at: datetime) -> Port:
    """The number went back to the old network, unless it was ported since."""
    port = with_(port, reversed_at=later(port.reversed_at, at))
    if port.performed_at is not None and port.performed_at > at:
        return port
    return _to(port, PortState.REVERSED, at, performed_at=None)


def _unbooked(port: Port, at: datetime) -> Port:
    """The port out of its batch; what was true before it was booked, or began, is no word on that, and is asked for."""
    if port.state not in {PortState.BOOKED, PortState.EXECUTING}:
        return port
    if port.state_at is not None and at < port.state_at:
        return with_(port, hinted_at=later(port.hinted_at, port.state_at))
    return with_(port, state=PortState.ACCEPTED, state_at=at, runs_at=None, recall_until=None)


def _told(port: Port, fact: PortTold, at: datetime, *, asked: bool) -> Port:
    """The provider's own word on how the dossier stands, as of when it says so."""
    since = fact.since or at
    if fact.dossier != port.dossier:
        return port
    if fact.state is PortState.PERFORMED:
        return performed(port, fact.dossier, since, asked=asked)
    if fact.state is PortState.UNKNOWN:
        return port
    if port.state is PortState.EXECUTING and fact.state is PortState.ACCEPTED:
        return _unbooked(port, at)
    port = _bound(port, fact.iccid, at) if fact.iccid else port
    known = {name: value for name, value in _facts_told(fact).items() if value}
    return _to(port, fact.state, since, **known)


def _facts_told(fact: PortTold) -> dict[str, object]:
    return {
        "first_possible": fact.first_possible,
        "due": fact.due,
        "runs_at": fact.runs_at,
        "recall_until": fact.recall_until,
        "code": fact.code,
        "note": fact.note,
    }
