"""A report in the world's words becomes one of our own facts, and nothing is acted on before it is (docs/adr/0004)."""

from typing import Literal, assert_never

from events.base import Dossier, LineId, SubjectId, subject_of
from events.cutover import ForwardLost
from events.dispatch import ParcelReported
from events.porting import (
    NumberDeactivated,
    PortAccepted,
    PortBlocked,
    PortCancelled,
    PortDelayed,
    PortErrorFound,
    PortLapsed,
    PortMissedBatch,
    PortPerformed,
    PortRebound,
    PortReported,
    PortReversed,
    PortState,
)
from events.registry import AnyFact
from events.sim import SimAttached, SimBlocked, SimDetached, SimFailed
from workers.providers.reports import ForwardReport, ParcelReport, PortReport, Report, SimReport, Spoken


def name_in(report: Report) -> str:
    """What the report names: a dossier, number, ICCID, bar code; of what a person says, the subject."""
    match report:
        case PortReport():
            return report.dossier
        case SimReport():
            return report.iccid
        case ParcelReport():
            return report.barcode
        case ForwardReport():
            return report.number
        case Spoken():
            return report.subject
        case _:
            assert_never(report)


def fact_of(report: Report, line: LineId) -> AnyFact:
    """The fact that this report states about the line."""
    match report:
        case PortReport():
            return _port(report, line)
        case SimReport():
            return _sim(report, line)
        case ParcelReport():
            return ParcelReported(line=line, barcode=report.barcode, status=report.status, incident=report.incident)
        case ForwardReport():
            return ForwardLost(line=line, network=report.network)
        case Spoken():
            return report.fact
        case _:
            assert_never(report)


def _sim(report: SimReport, line: LineId) -> AnyFact:
    match report.state:
        case "attached":
            return SimAttached(line=line, iccid=report.iccid)
        case "detached":
            return SimDetached(line=line, iccid=report.iccid)
        case "failed":
            return SimFailed(line=line, iccid=report.iccid, why=report.why)
        case "blocked":
            return SimBlocked(line=line, iccid=report.iccid, asked=report.asked)


def _port(report: PortReport, line: LineId) -> AnyFact:
    dossier = report.dossier
    if report.rebound and report.iccid:
        return PortRebound(line=line, dossier=dossier, iccid=report.iccid)
    if report.missed_batch:
        return PortMissedBatch(line=line, dossier=dossier)
    match report.state:
        case PortState.DELAYED if report.due:
            return PortDelayed(line=line, dossier=dossier, due=report.due, code=report.code)
        case PortState.ACCEPTED if report.first_possible and report.iccid:
            return PortAccepted(line=line, dossier=dossier, first_possible=report.first_possible, iccid=report.iccid)
        case PortState.BLOCKED:
            return PortBlocked(line=line, dossier=dossier, code=report.code, note=report.note)
        case PortState.FAILED:
            return PortErrorFound(line=line, dossier=dossier, code=report.code, note=report.note)
        case (
            PortState.PERFORMED | PortState.CANCELLED | PortState.LAPSED | PortState.REVERSED | PortState.RETURNED
        ) as over:
            return _over(report.dossier, line, over)
        case (
            PortState.UNKNOWN
            | PortState.SUBMITTED
            | PortState.DELAYED
            | PortState.ACCEPTED
            | PortState.BOOKED
            | PortState.EXECUTING
        ):
            # A state without a fact of its own, or one whose report lacks what the fact needs.
            return PortReported(line=line, dossier=dossier, state=report.state, code=report.code, note=report.note)
        case _:
            assert_never(report.state)


Over = Literal[PortState.PERFORMED, PortState.CANCELLED, PortState.LAPSED, PortState.REVERSED, PortState.RETURNED]
"""The states in which a dossier is over, each a fact of its own."""


def _over(dossier: Dossier, line: LineId, state: Over) -> AnyFact:
    match state:
        case PortState.PERFORMED:
            return PortPerformed(line=line, dossier=dossier)
        case PortState.CANCELLED:
            return PortCancelled(line=line, dossier=dossier)
        case PortState.LAPSED:
            return PortLapsed(line=line, dossier=dossier)
        case PortState.REVERSED:
            return PortReversed(line=line, dossier=dossier)
        case PortState.RETURNED:
            return NumberDeactivated(line=line, dossier=dossier)
        case _:
            assert_never(state)


def subject_for(report: Report, line: LineId | None) -> SubjectId | None:
    """Whose inbox the report goes to; None when it matches nobody."""
    if isinstance(report, Spoken):
        return report.subject
    return subject_of(line) if line else None
