"""The porting desk of the new provider, and the old provider behind it."""

from datetime import datetime, timedelta
from typing import Final

from events.base import Iccid
from events.cutover import Network
from events.enrolment import Handset
from events.porting import PortState
from workers.providers.ports import PortStatus
from workers.providers.reports import PortReport
from workers.world.acts import DONE, Answer, Ask, Cancel, Rebind, Request, refused, step_of
from workers.world.chances import Chances
from workers.world.hours import AMSTERDAM, local_midnight, next_hour, next_minute
from workers.world.line import Happening, LineWorld, Port, Step, Turn
from workers.world.sims import into_phone

ACCEPTED_FOR: Final = timedelta(days=90)
ONE_DAY: Final = timedelta(days=1)
ONE_HOUR: Final = timedelta(hours=1)
CLOSED: Final = frozenset(
    {
        PortState.BLOCKED,
        PortState.FAILED,
        PortState.CANCELLED,
        PortState.LAPSED,
        PortState.PERFORMED,
        PortState.REVERSED,
        PortState.RETURNED,
    }
)
WAITING: Final = frozenset({PortState.SUBMITTED, PortState.DELAYED})
BLOCKING_CODES: Final = ("27", "41", "44", "63", "77")


def report(line: LineWorld, port: Port, at: datetime, what: str) -> PortReport:
    """The call-back about a dossier as it stands."""
    return PortReport(
        id=f"{line.line}:{port.dossier}:{what}:{at:%Y%m%dT%H%M%S}",
        source="new-provider",
        at=at,
        dossier=port.dossier,
        state=port.state,
        first_possible=port.first_possible,
        iccid=port.iccid,
        rebound=what == "rebound",
        missed_batch=what == "missed-batch",
        due=port.due,
        code=port.code,
        note=port.note,
    )


def request(line: LineWorld, act: Request, reference: str, at: datetime, chances: Chances) -> tuple[LineWorld, Answer]:
    """A dossier is opened, unless the request is refused on sight. The same dossier again is the same dossier."""
    known = line.port(act.dossier)
    if known is not None:
        return line, refused("dossier_closed") if known.state in CLOSED else DONE
    if act.number != line.number or not line.ports:
        return line, refused("unknown_number", "this number is not portable")
    if line.served is Network.NEW or not line.old_alive:
        return line, refused("not_at_old_provider")
    if any(port.state not in CLOSED for port in line.dossiers):
        return line, refused("dossier_open", "another dossier for this number is open")
    if chances.hits(chances.rates.invalid, line.line, "invalid", step_of(reference)):
        return line, refused("1000", "the customer number has the wrong form")
    port = Port(act.dossier, act.iccid, PortState.SUBMITTED, at, act.early_termination)
    return _await_answer(line.with_port(port), port, at, chances), DONE


def _await_answer(line: LineWorld, port: Port, at: datetime, chances: Chances) -> LineWorld:
    rates, dossier, first = chances.rates, port.dossier, len(line.dossiers) == 1
    if chances.hits(rates.failed, line.line, "failed", dossier):
        return line.later(Happening(chances.hours.after(at, 2), Step.PORT_ERROR, dossier))
    if first and chances.hits(rates.unanswered, line.line, "unanswered", dossier):
        return line
    if chances.hits(rates.delayed, line.line, "delayed", dossier):
        return line.later(Happening(chances.hours.after(at, 20), Step.PORT_DELAYED, dossier))
    hours = chances.between(*rates.answer_hours, line.line, "answer", dossier)
    return line.later(Happening(chances.hours.after(at, hours), Step.PORT_ANSWER, dossier))


def found_wrong(line: LineWorld, due: Happening, _: Chances) -> Turn:
    """The request was received, and is found wrong later."""
    port = line.port(due.about)
    if port is None or port.state not in WAITING:
        return line, ()
    port = port._replace(state=PortState.FAILED, since=due.due, code="1003", note="the donor does not know the number")
    return line.with_port(port), (report(line, port, due.due, "failed"),)


def delayed(line: LineWorld, due: Happening, chances: Chances) -> Turn:
    """The old provider says until when it needs, and keeps to it."""
    port = line.port(due.about)
    if port is None or port.state is not PortState.SUBMITTED:
        return line, ()
    until = chances.hours.after(due.due, 30)
    port = port._replace(state=PortState.DELAYED, since=due.due, due=until, code="99")
    answer = Happening(chances.hours.after(due.due, 26), Step.PORT_ANSWER, port.dossier)
    return line.with_port(port).later(answer), (report(line, port, due.due, "delayed"),)


def answered(line: LineWorld, due: Happening, chances: Chances) -> Turn:
    """The old provider answers: blocked, or accepted from the first possible date on."""
    port = line.port(due.about)
    if port is None or port.state not in WAITING:
        return line, ()
    rates = chances.rates
    again = line.dossiers[0].dossier != port.dossier
    if chances.hits(rates.blocked_again if again else rates.blocked, line.line, "blocked", port.dossier):
        code = BLOCKING_CODES[int(chances.between(0, len(BLOCKING_CODES), line.line, "code", port.dossier))]
        port = port._replace(state=PortState.BLOCKED, since=due.due, code=code, note="data do not match the contract")
        return line.with_port(port), (report(line, port, due.due, "blocked"),)
    port = _accepted(line, port, due.due, chances)
    line = line.with_port(port)
    line = line.later(Happening(next_hour(last_moment(port)), Step.PORT_LAPSED, port.dossier))
    if chances.hits(rates.early, line.line, "early", port.dossier):
        line = line.later(Happening(chances.hours.day_after(due.due, 2, 10), Step.PORT_EARLY, port.dossier))
    return line, (report(line, port, due.due, "accepted"),)


def _accepted(line: LineWorld, port: Port, at: datetime, chances: Chances) -> Port:
    low, high = chances.rates.first_possible_days
    days = low if port.early_termination else int(chances.between(low, high + 1, line.line, "date", port.dossier))
    first = local_midnight(at.astimezone(AMSTERDAM).date() + days * ONE_DAY)
    state = port._replace(state=PortState.ACCEPTED, since=at, due=None, code="", note="")
    return state._replace(first_possible=first, last_possible=first + ACCEPTED_FOR)


def last_moment(port: Port) -> datetime:
    """Until when the acceptance holds."""
    return port.last_possible or port.since


def ask(line: LineWorld, act: Ask, at: datetime) -> tuple[LineWorld, Answer]:
    """How the dossier stands."""
    port = line.port(act.dossier)
    if port is None:
        return line, Answer(PortStatus(PortState.UNKNOWN, since=at))
    status = PortStatus(
        state=port.state,
        since=port.since,
        iccid=port.iccid,
        first_possible=port.first_possible,
        due=port.due,
        runs_at=port.runs_at,
        recall_until=port.recall_until,
        code=port.code,
        note=port.note,
    )
    return line, Answer(status)


def cancel(line: LineWorld, act: Cancel, at: datetime) -> tuple[LineWorld, Answer]:
    """The withdrawal is taken in; that it is done comes as a report, and an answer may cross it."""
    port = line.port(act.dossier)
    if port is None:
        return line, refused("unknown_dossier")
    past_recall = port.recall_until is not None and at > port.recall_until
    if port.state in (PortState.EXECUTING, PortState.PERFORMED) or past_recall:
        return line, refused("too_late")
    if port.state in CLOSED or port.cancelling:
        return line, DONE
    done = Happening(next_hour(at + ONE_HOUR), Step.PORT_CANCELLED, port.dossier)
    return line.with_port(unbooked(port)._replace(cancelling=True)).later(done), DONE


def unbooked(port: Port) -> Port:
    """The dossier out of any batch."""
    state = PortState.ACCEPTED if port.state is PortState.BOOKED else port.state
    return port._replace(state=state, runs_at=None, recall_until=None, booking=None)


def cancelled(line: LineWorld, due: Happening, _: Chances) -> Turn:
    """The dossier is closed, unless the number moved first."""
    port = line.port(due.about)
    if port is None or port.state in CLOSED or port.state is PortState.EXECUTING:
        return line, ()
    port = port._replace(state=PortState.CANCELLED, since=due.due)
    return line.with_port(port), (report(line, port, due.due, "cancelled"),)


def lapsed(line: LineWorld, due: Happening, _: Chances) -> Turn:
    """The acceptance ran out (`scenarios/S15.yaml`)."""
    port = line.port(due.about)
    if port is None or port.state is not PortState.ACCEPTED:
        return line, ()
    port = port._replace(state=PortState.LAPSED, since=due.due)
    return line.with_port(port), (report(line, port, due.due, "lapsed"),)


def rebind(line: LineWorld, act: Rebind, at: datetime) -> tuple[LineWorld, Answer]:
    """The provider takes the new binding in: within the hour before the port, within minutes after it."""
    port = line.port(act.dossier)
    if port is None:
        return line, refused("unknown_dossier")
    if port.state is PortState.EXECUTING:
        return line, refused("too_late")
    performed = port.state is PortState.PERFORMED
    if port.state in CLOSED and not performed:
        return line, refused("dossier_closed")
    when = next_minute(at + timedelta(minutes=10)) if performed else next_hour(at + timedelta(minutes=10))
    confirmed = Happening(when, Step.PORT_REBOUND, port.dossier, act.iccid)
    return line.with_port(port._replace(rebind_to=act.iccid)).later(confirmed), DONE


def rebound(line: LineWorld, due: Happening, chances: Chances) -> Turn:
    """The order, or after the port the number, is on the other SIM; a later wish replaces an earlier one."""
    port = line.port(due.about)
    if port is None or port.rebind_to != due.note or (port.state in CLOSED and port.state is not PortState.PERFORMED):
        return line, ()
    port = port._replace(iccid=Iccid(due.note), rebind_to=None)
    line = line.with_port(port)
    if port.state is PortState.PERFORMED:
        line = line._replace(bound=port.iccid)
        if line.in_hand == port.iccid and line.handset is Handset.NEW:
            line = into_phone(line, port.iccid, due.due, chances)
    return line, (report(line, port, due.due, "rebound"),)
