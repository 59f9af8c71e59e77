"""The project leader and colleagues: which task they do after how long, and what they then say."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from events.base import Account, Iccid, TaskId
from events.control import TaskDone
from events.cutover import EndApproved, OldLineEnded, SecondMediumProved
from events.dispatch import HandedOver, KitLost, MismatchSettled, ParcelStatus
from events.enrolment import LeaverSettled, MandateFiled
from events.outcomes import TaskKind
from events.planning import SlotsAdded
from events.porting import DataCorrected
from events.registry import AnyFact
from orchestrator.planning import MORE_DAYS, MORE_FROM, more_slots
from orchestrator.terms import Terms
from workers.providers.reports import Spoken
from workers.world.chances import Chances
from workers.world.hours import AMSTERDAM
from workers.world.line import Happening, LineWorld, Step, Turn
from workers.world.porting import WAITING

LEADER: Final = Account("project-leader")
TEAM_LEAD: Final = Account("team-lead")

Doing = tuple[LineWorld, AnyFact | None]
"""The line after the task is done, and the fact that says so, where one does."""


@dataclass(frozen=True, slots=True)
class Duty:
    """How a task is done: within how many working hours, by which account, and what comes of it."""

    hours: tuple[float, float]
    do: Callable[[LineWorld, Happening, Chances], Doing]
    by: Account = LEADER


def _done(line: LineWorld, due: Happening, _: Chances) -> Doing:
    return line, TaskDone(line=line.line, task=TaskId(due.about), by=LEADER)


def _correct_data(line: LineWorld, _: Happening, __: Chances) -> Doing:
    return line, DataCorrected(line=line.line, by=LEADER, why="the contract's customer number was looked up")


def _early_termination(line: LineWorld, due: Happening, chances: Chances) -> Doing:
    """One old contract of five is bought out; for the others the date is awaited."""
    if chances.draw(line.line, "early-termination") < 0.8:  # noqa: PLR2004 - the share stands in the docstring
        return _done(line, due, chances)
    return line, MandateFiled(line=line.line, mandate=f"mandate-{line.line}", early_termination=True)


def _plan_slots(line: LineWorld, due: Happening, chances: Chances) -> Doing:
    """Slots for two weeks more, from some days on or, where that is later, from when they are of use to the line."""
    if line.wave is None:
        return _done(line, due, chances)
    times = (due.due, line.away_until(due.due), *(port.first_possible for port in line.dossiers))
    since = max(time for time in times if time is not None)
    terms = Terms(programme="", zone=AMSTERDAM, holidays=chances.hours.holidays)
    slots, batches = more_slots(terms.working_days_after(since, MORE_FROM), days=MORE_DAYS, terms=terms)
    return line, SlotsAdded(slots=slots, batches=batches, by=LEADER, why="lines of the wave had none left")


def _settle_mismatch(line: LineWorld, due: Happening, chances: Chances) -> Doing:
    """The person keeps the SIM that was in the box, and the order is bound to it."""
    if not line.in_hand:
        return _done(line, due, chances)
    return line, MismatchSettled(line=line.line, iccid=Iccid(line.in_hand), choice="rebind", by=LEADER)


def _settle_leaver(line: LineWorld, _: Happening, chances: Chances) -> Doing:
    """Seven leavers of ten give the number up, two leave it to the pool, one line stays with a successor."""
    drawn = chances.draw(line.line, "leaver")
    if drawn < 0.7:  # noqa: PLR2004 - the shares stand in the docstring
        return line, LeaverSettled(line=line.line, choice="cancel", by=LEADER)
    choice = "pool" if drawn < 0.9 else "stays"  # noqa: PLR2004 - as above
    # Somebody else has the line from now on, who is there to take a kit and to come to a slot.
    return line._replace(last_day=None), LeaverSettled.model_validate(
        {"line": line.line, "choice": choice, "by": LEADER}
    )


def _approve_end(line: LineWorld, _: Happening, __: Chances) -> Doing:
    return line, EndApproved(line=line.line, by=TEAM_LEAD)


def _prove_second_medium(line: LineWorld, _: Happening, __: Chances) -> Doing:
    return line, SecondMediumProved(line=line.line, medium="pager", by=TEAM_LEAD)


def _file_mandate(line: LineWorld, _: Happening, __: Chances) -> Doing:
    return line, MandateFiled(line=line.line, mandate=f"mandate-{line.line}")


def _chase_answer(line: LineWorld, due: Happening, chances: Chances) -> Doing:
    """A telephone call to the old provider makes it answer the same day."""
    waiting = next((port for port in line.dossiers if port.state in WAITING), None)
    if waiting is None:
        return _done(line, due, chances)
    if any(h.step is Step.PORT_ANSWER and h.about == waiting.dossier for h in line.agenda):
        return line, None
    return line.later(Happening(chances.hours.after(due.due, 4), Step.PORT_ANSWER, waiting.dossier)), None


def _watch_execution(line: LineWorld, due: Happening, chances: Chances) -> Doing:
    """The provider is called; an old line that it has no more is said to have ended."""
    if not line.ports and not line.old_alive:
        return line, OldLineEnded(line=line.line)
    return _done(line, due, chances)


def _chase_parcel(line: LineWorld, due: Happening, chances: Chances) -> Doing:
    """The kit is fetched and handed over, or given up as lost; one that is in those hands already is scanned again."""
    parcel = line.parcels[-1] if line.parcels else None
    if parcel is None:
        return _done(line, due, chances)
    if parcel.handed_over:
        return line, HandedOver(line=line.line, iccid=parcel.iccid, imei=parcel.imei, by=LEADER)
    ahead = {(h.step, h.note) for h in line.agenda if h.about == parcel.barcode}
    if parcel.lost or (Step.PARCEL, ParcelStatus.LOST) in ahead:
        line = line.with_parcel(parcel._replace(lost=True))
        return line, KitLost(line=line.line, iccid=parcel.iccid)
    if not any(step is Step.HANDED_OVER for step, _ in ahead):
        line = line.later(Happening(chances.hours.day_after(due.due, 1, 10), Step.HANDED_OVER, parcel.barcode))
    return line, None


DUTIES: Final[dict[TaskKind, Duty]] = {
    TaskKind.FILE_MANDATE: Duty((4, 16), _file_mandate),
    TaskKind.CORRECT_DATA: Duty((4, 8), _correct_data),
    TaskKind.CHASE_ANSWER: Duty((4, 8), _chase_answer),
    TaskKind.AGREE_SLOT: Duty((2, 8), _done),
    TaskKind.PLAN_SLOTS: Duty((2, 8), _plan_slots),
    TaskKind.SETTLE_MISMATCH: Duty((1, 4), _settle_mismatch),
    TaskKind.CHASE_PARCEL: Duty((2, 8), _chase_parcel),
    TaskKind.REPLACE_KIT: Duty((2, 8), _done),
    TaskKind.CORRECT_ASSET: Duty((4, 16), _done),
    TaskKind.MEND_SIM: Duty((1, 4), _done),
    TaskKind.MEND_NET: Duty((1, 4), _done),
    TaskKind.EARLY_TERMINATION: Duty((4, 16), _early_termination),
    TaskKind.SETTLE_LEAVER: Duty((4, 16), _settle_leaver),
    TaskKind.SECOND_MEDIUM: Duty((4, 16), _prove_second_medium, by=TEAM_LEAD),
    TaskKind.EXPIRY_NEAR: Duty((4, 8), _done),
    TaskKind.EXPIRED: Duty((4, 8), _done),
    TaskKind.WATCH_EXECUTION: Duty((1, 2), _watch_execution),
    TaskKind.WATCH_CANCEL: Duty((1, 4), _done),
    TaskKind.APPROVE_END: Duty((4, 16), _approve_end, by=TEAM_LEAD),
    TaskKind.MISSED_SLOTS: Duty((4, 8), _done, by=TEAM_LEAD),
    TaskKind.INCIDENT: Duty((1, 4), _done),
    TaskKind.SMS_MISSING: Duty((4, 8), _done),
    TaskKind.ROUTE_REPORT: Duty((4, 8), _done),
    TaskKind.CHASE_PARTY: Duty((1, 4), _done),
    TaskKind.CHASE_WORKER: Duty((1, 4), _done),
    TaskKind.UNREAD_MESSAGE: Duty((1, 4), _done),
    TaskKind.REACH_PERSON: Duty((4, 8), _done),
}


def _kind_of(task: str) -> TaskKind | None:
    """What the task asks; None for a task that is not of this list."""
    name = (*task.split("/"), "")[1]
    return next((kind for kind in TaskKind if kind == name), None)


def take_task(line: LineWorld, task: str, at: datetime, chances: Chances) -> LineWorld:
    """A task lies on somebody's desk: done in its time under the policy `answers`, never under `none`."""
    if chances.policy == "none" or any(h.step is Step.TASK_DONE and h.about == task for h in line.agenda):
        return line
    kind = _kind_of(task)
    if kind is None:
        return line
    hours = chances.between(*DUTIES[kind].hours, line.line, "task", task)
    return line.later(Happening(chances.hours.after(at, hours), Step.TASK_DONE, task, kind))


def task_done(line: LineWorld, due: Happening, chances: Chances) -> Turn:
    """Somebody did the task, and says what the policy has them say."""
    duty = DUTIES[TaskKind(due.note)]
    line, fact = duty.do(line, due, chances)
    if fact is None:
        return line, ()
    name = f"{due.about}:{due.due:%Y%m%dT%H%M}"
    to = line.wave if isinstance(fact, SlotsAdded) and line.wave else line.subject
    return line, (Spoken(id=name, source="people", at=due.due, subject=to, actor=duty.by, fact=fact),)
