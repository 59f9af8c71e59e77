"""The helpful answer to each command: what the counterpart says when all goes well (docs/scenarios.md lists them)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final, assert_never

from events.base import Barcode, Iccid, Msisdn
from events.control import CommandDone
from events.cutover import (
    BookPort,
    ClearForward,
    EndOldLine,
    ExecutePort,
    ForwardCleared,
    ForwardConfirmed,
    Heard,
    Leg,
    Network,
    OldLineEnded,
    ReachabilityTested,
    RecallPort,
    SetForward,
    TestReachability,
    Withdraw,
)
from events.dispatch import CollectKit, ParcelAnnounced, ReturnAnnounced, ShipKit
from events.enrolment import Handset
from events.messages import MessageSent, SendMessage
from events.porting import (
    AskPort,
    CancelPort,
    PortBooked,
    PortCancelled,
    PortExecuting,
    PortRebound,
    PortRecalled,
    PortState,
    PortSubmitted,
    PortTold,
    RebindPort,
    RequestPort,
)
from events.registry import AnyCommand, AnyFact, CutoverCommand, DispatchCommand, PortingCommand
from events.sim import ActivateSim, BlockSim, ResetSim, SimActivated, SimBlocked, SimReset
from orchestrator.deciding.evidence import attached
from orchestrator.knowing.dispatch import sim
from workers.scenario.stage import Stage

RECALL_BEFORE: Final = timedelta(hours=2)
"""How long before a booked port runs it can be recalled."""


def helpful(command: AnyCommand, stage: Stage) -> Iterator[AnyFact]:
    """What is said to this command when all goes well."""
    match command:
        case SendMessage():
            yield MessageSent(line=command.line, key=command.key)
        case RequestPort() | AskPort() | CancelPort() | RebindPort():
            yield from _porting(command, stage)
        case ShipKit() | CollectKit() | ActivateSim() | ResetSim() | BlockSim():
            yield from _dispatch(command)
        case (
            SetForward()
            | ClearForward()
            | TestReachability()
            | ExecutePort()
            | BookPort()
            | RecallPort()
            | EndOldLine()
            | Withdraw()
        ):
            yield from _cutover(command, stage)
        case _:
            assert_never(command)


def _porting(command: PortingCommand, stage: Stage) -> Iterator[AnyFact]:
    key, line, dossier = command.key, command.line, command.dossier
    match command:
        case RequestPort():
            yield PortSubmitted(key=key, line=line, dossier=dossier)
        case AskPort():
            yield _told(command, stage)
        case CancelPort():
            yield CommandDone(key=key, line=line)
            yield PortCancelled(line=line, dossier=dossier)
        case RebindPort():
            yield CommandDone(key=key, line=line)
            yield PortRebound(line=line, dossier=dossier, iccid=command.iccid)
        case _:
            assert_never(command)


def _told(command: AskPort, stage: Stage) -> PortTold:
    """The provider knows of the dossier what it said of it before, and nothing of a dossier it never received."""
    port = stage.line(command.line).port
    state = port.state if port.dossier == command.dossier and port.state else PortState.UNKNOWN
    return PortTold(
        key=command.key,
        line=command.line,
        dossier=command.dossier,
        state=state,
        since=port.state_at if state is not PortState.UNKNOWN else None,
        first_possible=port.first_possible,
        due=port.due,
        iccid=port.bound,
        runs_at=port.runs_at,
        recall_until=port.recall_until,
    )


def _dispatch(command: DispatchCommand) -> Iterator[AnyFact]:
    key, line = command.key, command.line
    match command:
        case ShipKit():
            yield ParcelAnnounced(key=key, line=line, barcode=barcode_of(command.iccid))
        case CollectKit():
            yield ReturnAnnounced(key=key, line=line)
        case ActivateSim():
            yield SimActivated(key=key, line=line, iccid=command.iccid, temporary_number=temporary_of(command.iccid))
        case ResetSim():
            yield SimReset(key=key, line=line, iccid=command.iccid)
        case BlockSim():
            yield CommandDone(key=key, line=line)
            yield SimBlocked(line=line, iccid=command.iccid, asked=True)
        case _:
            assert_never(command)


def _cutover(command: CutoverCommand, stage: Stage) -> Iterator[AnyFact]:
    key, line = command.key, command.line
    match command:
        case SetForward():
            yield ForwardConfirmed(
                key=key,
                line=line,
                network=command.network,
                target=command.target,
                generation=command.generation,
                iccid=command.iccid,
            )
        case ClearForward():
            yield ForwardCleared(key=key, line=line, network=command.network, generation=command.generation)
        case TestReachability():
            yield tested(command, leg_by(command, stage))
        case ExecutePort():
            yield PortExecuting(key=key, line=line, dossier=command.dossier)
        case BookPort():
            runs = command.slot.start
            yield PortBooked(
                key=key, line=line, dossier=command.dossier, runs_at=runs, recall_until=runs - RECALL_BEFORE
            )
        case RecallPort():
            yield PortRecalled(key=key, line=line, dossier=command.dossier)
        case EndOldLine():
            yield OldLineEnded(line=line)
        case Withdraw():
            return
        case _:
            assert_never(command)


def leg_by(command: TestReachability, stage: Stage) -> Leg:
    """Which leg answers: the handset of a SIM that is on the network, else a forward that stands."""
    line = stage.line(command.line)
    assert line.terms is not None
    old = command.iccid == line.terms.old_iccid
    in_phone = line.terms.handset is Handset.NEW or not any(attached(known) for known in line.sims.values())
    if in_phone if old else attached(sim(line, command.iccid)):
        return Leg.HANDSET
    net = line.nets.get(Network.OLD if old else Network.NEW)
    return Leg.FORWARD if net is not None and net.stands() else Leg.NOBODY


def tested(command: TestReachability, leg: Leg) -> ReachabilityTested:
    """The result of this test, answered by the same leg from everywhere."""
    return ReachabilityTested(
        key=command.key,
        line=command.line,
        iccid=command.iccid,
        number=command.number,
        medium=command.medium,
        sequence=command.sequence,
        heard=tuple(Heard(origin=origin, leg=leg) for origin in command.origins),
    )


def barcode_of(iccid: Iccid) -> Barcode:
    """The parcel that holds this SIM."""
    return Barcode(f"3S{iccid[-10:]}")


def temporary_of(iccid: Iccid) -> Msisdn:
    """The number that the SIM has before the port."""
    return Msisdn(f"+316990{iccid[-5:]}")
