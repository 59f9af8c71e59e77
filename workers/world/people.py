"""The person who has the line: answers invitations, comes or does not, changes SIMs when told to."""

from datetime import UTC, datetime, timedelta
from typing import Final

from events.base import Account
from events.cutover import ReportedUnreachable
from events.messages import Template
from events.planning import PersonMissedSlot, SlotConfirmed, SlotDeclined
from events.registry import AnyFact
from workers.providers.reports import Spoken
from workers.world.acts import Answer, Send
from workers.world.chances import Chances
from workers.world.leader import take_task
from workers.world.line import Happening, LineWorld, Step, Turn
from workers.world.parcels import gone, keeping_old_kit
from workers.world.sims import insert_cause, insertion, putting_back
from workers.world.truth import answered_by

TOLD_AFTER: Final = timedelta(minutes=30)
ABOUT: Final = timedelta(hours=4)
INVITATIONS: Final = frozenset({Template.INVITATION, Template.SECOND_INVITATION, Template.MOVED})


def receive(line: LineWorld, act: Send, reference: str, at: datetime, chances: Chances) -> tuple[LineWorld, Answer]:
    """A letter is delivered, and does in time what it does to whoever reads it."""
    return _read(line, act, reference, at, chances), Answer(value=False)


def _read(line: LineWorld, act: Send, reference: str, at: datetime, chances: Chances) -> LineWorld:
    if act.template is Template.TASK:
        return take_task(line, act.task, at, chances)
    if gone(line, at) or (act.template is Template.INSERT_SIM and _absent_from_slot(line, at)):
        return line
    if act.template is Template.INSERT_SIM:
        told = line._replace(insert_told=insert_cause(line, reference, at), back_told="")
        return insertion(told, at, chances)
    if act.template is Template.DISTURBED:
        return keeping_old_kit(line)
    if act.template is Template.PUT_BACK:
        return putting_back(keeping_old_kit(line), reference, at, chances)
    start = dict(act.details).get("slot_start", "")
    if act.template in INVITATIONS and start:
        return _invited(line, datetime.fromisoformat(start).astimezone(UTC), at, chances)
    return line


def _absent_from_slot(line: LineWorld, at: datetime) -> bool:
    """Whether the person does not come to the slot that is now, and so does not do there what the letter asks."""
    return bool(line.missed) and abs(at - datetime.fromisoformat(line.missed)) < ABOUT


def _invited(line: LineWorld, start: datetime, at: datetime, chances: Chances) -> LineWorld:
    """An answer comes within hours or two days, or after an absence, or never."""
    slot = start.isoformat()
    if gone(line, start) or chances.hits(chances.rates.never_answers, line.line, "never-answers", slot):
        return line
    reads = line.away_until(at) or at
    when = chances.hours.after(reads, chances.between(1, 16, line.line, "slot-answer", slot))
    away = line.away_until(start) is not None
    declines = away or chances.hits(chances.rates.declined, line.line, "declined", slot)
    return line.later(Happening(when, Step.SLOT_ANSWERED, slot, "declined" if declines else "confirmed"))


def says(line: LineWorld, fact: AnyFact, what: str, at: datetime) -> Spoken:
    """The person says this, under an account of their own."""
    name = f"{line.line}:{what}:{at:%Y%m%dT%H%M}"
    return Spoken(id=name, source="people", at=at, subject=line.subject, actor=Account(line.subject), fact=fact)


def slot_answered(line: LineWorld, due: Happening, chances: Chances) -> Turn:
    """The person agrees to the slot or cannot make it; one who agrees may still not come."""
    start = datetime.fromisoformat(due.about)
    if start <= due.due or gone(line, due.due):
        return line, ()
    if due.note == "declined":
        fact = SlotDeclined(line=line.line, start=start, not_before=line.away_until(start))
        return line, (says(line, fact, f"declined:{due.about}", due.due),)
    line = line._replace(confirmed=due.about)
    confirmed = says(line, SlotConfirmed(line=line.line, start=start), f"confirmed:{due.about}", due.due)
    # Nobody need come to a batch at night.
    comes_by = chances.hours.open_at(start)
    if comes_by and chances.hits(chances.rates.no_show, line.line, "no-show", due.about):
        missed = Happening(start + TOLD_AFTER, Step.NO_SHOW_TOLD, due.about)
        return line._replace(missed=due.about).later(missed), (confirmed,)
    return line, (confirmed,)


def silence_noticed(line: LineWorld, due: Happening, _: Chances) -> Turn:
    """The person tells that nobody can call, if that still is so."""
    if gone(line, due.due) or answered_by(line).answers == "handset":
        return line, ()
    return line, (says(line, ReportedUnreachable(line=line.line), "unreachable", due.due),)


def no_show_told(line: LineWorld, due: Happening, _: Chances) -> Turn:
    """Whoever was to help notes that the person did not come (`scenarios/S26.yaml`)."""
    if line.confirmed != due.about:
        return line, ()
    fact = PersonMissedSlot(line=line.line, start=datetime.fromisoformat(due.about))
    return line, (says(line, fact, f"missed:{due.about}", due.due),)
