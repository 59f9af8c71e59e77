"""How a number moves: on call, in a batch, or though nobody asked."""

from datetime import datetime, timedelta
from typing import Final

from events.cutover import Network
from events.enrolment import Execution
from events.porting import PortState
from workers.providers.ports import Booking
from workers.world.acts import DONE, Answer, Book, Execute, Recall, refused
from workers.world.chances import Chances
from workers.world.hours import AMSTERDAM, next_minute
from workers.world.line import Cause, Happening, LineWorld, Port, Step, Turn
from workers.world.porting import last_moment, report, unbooked

RECALL_BEFORE: Final = timedelta(minutes=60)


def _refusal(line: LineWorld, port: Port | None, iccid: str, at: datetime, runs_at: datetime) -> Answer | None:
    """Why the port cannot run at `runs_at`, as the provider sees it."""
    if port is None:
        return refused("unknown_dossier")
    if port.state is not PortState.ACCEPTED or port.cancelling or port.first_possible is None:
        return refused("not_accepted")
    if runs_at < max(port.first_possible, at):
        return refused("too_early")
    if runs_at > last_moment(port):
        return refused("expired")
    if port.iccid != iccid or port.rebind_to is not None:
        return refused("other_sim")
    sim = line.sim(iccid)
    return None if sim is not None and sim.active else refused("sim_not_active")


def execute(line: LineWorld, act: Execute, reference: str, at: datetime, chances: Chances) -> tuple[LineWorld, Answer]:
    """The port begins: until it is performed the number answers nowhere."""
    if line.execution is not Execution.ON_CALL:
        return line, refused("batch_only", "this number's ports run in a batch")
    if at > act.not_after:
        return line, refused("too_late")
    port = line.port(act.dossier)
    if no := _refusal(line, port, act.iccid, at, at):
        return line, no
    assert port is not None
    cause = Cause("command", "execute", reference, act.evidence_at, act.not_after, act.iccid)
    return _begin(line, port, at, cause, chances), DONE


def _begin(line: LineWorld, port: Port, at: datetime, cause: Cause, chances: Chances) -> LineWorld:
    seconds = int(chances.between(*chances.rates.interruption_seconds, line.line, "interruption", port.dossier))
    ends = at + timedelta(seconds=seconds)
    port = port._replace(state=PortState.EXECUTING, since=at)
    performed = Happening(next_minute(ends), Step.PORT_PERFORMED, port.dossier, exact=ends.isoformat(), cause=cause)
    return line.with_port(port)._replace(interrupted_by=cause).later(performed)


def book(line: LineWorld, act: Book, reference: str, at: datetime) -> tuple[LineWorld, Answer]:
    """The port is in the batch of this slot, and may be recalled until shortly before."""
    if line.execution is not Execution.BOOKED:
        return line, refused("on_call_only", "this number's ports run when told")
    starts = act.slot.start
    if at > starts - RECALL_BEFORE:
        return line, refused("too_late")
    port = line.port(act.dossier)
    if no := _refusal(line, port, act.iccid, at, starts):
        return line, no
    assert port is not None
    until = starts - RECALL_BEFORE
    sim = line.sim(act.iccid)
    cause = Cause("command", "book", reference, sim and sim.proved_at, iccid=act.iccid, final_at=until)
    port = port._replace(state=PortState.BOOKED, since=at, runs_at=starts, recall_until=until, booking=cause)
    line = line.with_port(port).later(Happening(starts, Step.BATCH_RUNS, port.dossier, starts.isoformat()))
    return line, Answer(Booking(starts, until))


def recall(line: LineWorld, act: Recall, at: datetime) -> tuple[LineWorld, Answer]:
    """The port is out of the batch; the order stays accepted."""
    port = line.port(act.dossier)
    if port is None:
        return line, refused("unknown_dossier")
    if port.state is not PortState.BOOKED or port.recall_until is None:
        return line, refused("not_booked") if port.state is not PortState.EXECUTING else refused("too_late")
    if at > port.recall_until:
        return line, refused("too_late")
    return line.with_port(unbooked(port)._replace(since=at)), DONE


def batch_runs(line: LineWorld, due: Happening, chances: Chances) -> Turn:
    """The batch runs, and leaves out a port now and then. Its ports take place within half an hour."""
    port = line.port(due.about)
    if port is None or port.state is not PortState.BOOKED or port.booking is None or port.runs_at is None:
        return line, ()
    if port.runs_at.isoformat() != due.note:
        return line, ()
    if due.due == port.runs_at:
        if _left_out(line, port, chances):
            missed = unbooked(port)._replace(since=due.due)
            return line.with_port(missed), (report(line, missed, due.due, "missed-batch"),)
        minutes = int(chances.between(0, 26, line.line, "batch-turn", port.dossier))
        if minutes:
            return line.later(due._replace(due=due.due + timedelta(minutes=minutes))), ()
    return _begin(line, port, due.due, port.booking, chances), ()


def _left_out(line: LineWorld, port: Port, chances: Chances) -> bool:
    sim = line.sim(port.iccid)
    if sim is None or not sim.active or port.rebind_to is not None:
        return True
    starts = port.runs_at.isoformat() if port.runs_at else ""
    return chances.hits(chances.rates.missed_batch, line.line, "missed-batch", f"{port.dossier}/{starts}")


def performed(line: LineWorld, due: Happening, chances: Chances) -> Turn:
    """The number is on the new network; the old line, its SIM and its forwards are dead."""
    port = line.port(due.about)
    if port is None or port.state is not PortState.EXECUTING:
        return line, ()
    return _moved(line, port, due.at, chances)


def early(line: LineWorld, due: Happening, chances: Chances) -> Turn:
    """The port is performed though nobody asked (`scenarios/S27.yaml`)."""
    port = line.port(due.about)
    if port is None or port.state is not PortState.ACCEPTED:
        return line, ()
    return _moved(line, port, due.due, chances)


def _moved(line: LineWorld, port: Port, at: datetime, chances: Chances) -> Turn:
    port = unbooked(port)._replace(state=PortState.PERFORMED, since=at, cancelling=False)
    sms_from = _texts_from(line, port, at, chances)
    line = line.with_port(port)._replace(served=Network.NEW, bound=port.iccid, old_alive=False, interrupted_by=None)
    line = line._replace(old_forward=line.old_forward._replace(target=None, own=None), sms_from=sms_from)
    return line, (report(line, port, at, "performed"),)


def _texts_from(line: LineWorld, port: Port, at: datetime, chances: Chances) -> datetime:
    """From when text messages arrive: for half of the numbers at once, for few only on the last day it may take."""
    drawn = chances.draw(line.line, "sms", port.dossier)
    lag = int((chances.rates.sms_days + 1) * drawn**2)
    return chances.hours.day_after(at, lag, at.astimezone(AMSTERDAM).hour) if lag else at
