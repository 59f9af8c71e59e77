"""What persons and other parties do of their own accord, at any moment at which nothing is on its way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from events.base import Account, LetterId, SubjectId, subject_of
from events.control import Held, LetterOpened, LettersRedriven, Released, Waivable, Waived
from events.cutover import ForwardLost, ReportedUnreachable
from events.dispatch import HandedOver, HandoverCorrected, KitFound, KitLost
from events.enrolment import (
    AbsenceAnnounced,
    AbsenceEnded,
    Handset,
    LeaverAnnounced,
    LineDropped,
    MandateFiled,
    MandateWithdrawn,
)
from events.planning import SlotDeclined, WavePaused, WaveStarted
from events.porting import DataCorrected, NumberDeactivated, PortReversed, PortWithdrawn
from events.registry import AnyFact
from events.sim import SimBlocked
from orchestrator.record import Holder
from workers.verify.model import Model
from workers.verify.seeing import DAY, Seen, a_day_before_slot, before_slot, in_hand, moves, performed, planned, ports
from workers.verify.situation import Later, Mail, Origin, Situation, soonest_first
from workers.world.line import Cause, Happening, LineWorld, Step, TruthLine
from workers.world.others import BY_OTHERS
from workers.world.truth import answered_by

BY: Final = Account("operator")
SECOND: Final = Account("colleague")
WHY: Final = "as it happens"
BEFORE: Final = timedelta(hours=5)
"""So long before the slot somebody is back who is away until then: after a batch was booked, before it runs."""
LONG: Final = timedelta(days=100)
"""Longer than an acceptance holds."""
LETTER: Final = LetterId("inbox/0/7")
Truth = tuple[tuple[int, TruthLine], ...]


class Said(NamedTuple):
    """A fact that follows, to whom, and how much later."""

    fact: AnyFact
    after: timedelta = timedelta()
    to: SubjectId | None = None  # the line's holder


@dataclass(frozen=True)
class Befalling:
    """Something that may befall a line: when it may, what is said of it, and what becomes of the world."""

    may: Callable[[Seen], bool]
    says: Callable[[Seen], tuple[Said, ...]]
    change: str = ""
    """What becomes of the world, by its name in `BY_OTHERS`."""
    whom: Callable[[Seen], tuple[int, ...]] = lambda seen: (seen.place,)
    """The places of the lines whose world changes."""
    undone: Step | None = None
    """What the world does about it a day later, to the SIM that was in the person's hands."""


def _held(seen: Seen) -> tuple[Said, ...]:
    return Said(Held(line=seen.id, by=BY, why=WHY)), Said(Released(line=seen.id, by=BY, why=WHY), DAY)


def _paused(seen: Seen) -> tuple[Said, ...]:
    wave = seen.world.wave
    assert wave is not None
    return Said(WavePaused(by=BY, why=WHY), to=wave), Said(WaveStarted(by=BY, why=WHY), DAY, wave)


def _unread(seen: Seen) -> tuple[Said, ...]:
    opened = LetterOpened(letter=LETTER, reason="not_json", detail="")
    redriven = LettersRedriven(letters=(LETTER,), act="redrive-1", why=WHY, by=BY)
    assert seen.holder
    return Said(opened), Said(redriven, DAY)


def _withdrawn(seen: Seen) -> tuple[Said, ...]:
    return (Said(PortWithdrawn(line=seen.id, by=BY, why=WHY)),)


def _reconsidered(seen: Seen) -> tuple[Said, ...]:
    return *_withdrawn(seen), Said(DataCorrected(line=seen.id, by=BY, why=WHY), DAY)


def _mandate(seen: Seen) -> tuple[Said, ...]:
    taken = MandateWithdrawn(line=seen.id, mandate=seen.line.mandate or "")
    return Said(taken), Said(MandateFiled(line=seen.id, mandate="anew"), DAY)


def _dropped(seen: Seen) -> tuple[Said, ...]:
    return (Said(LineDropped(line=seen.id, by=BY, why=WHY)),)


def _leaver(_: Seen) -> tuple[Said, ...]:
    return (Said(LeaverAnnounced(last_day=date(2027, 12, 31))),)


def _absent(seen: Seen) -> tuple[Said, ...]:
    """From the day before the slot for some days or, where that is over, from tomorrow on."""
    slot, tomorrow = seen.line.plan.slot, seen.situation.now + DAY
    assert slot is not None
    since = slot.start - DAY if seen.situation.now < slot.start else tomorrow
    return (Said(AbsenceAnnounced(since=since, until=max(slot.end, tomorrow) + 2 * DAY)),)


def _back(seen: Seen) -> tuple[Said, ...]:
    return *_absent(seen), Said(AbsenceEnded(), DAY)


def _away_before(seen: Seen) -> tuple[Said, ...]:
    """From now until shortly before the slot, and then back as was announced."""
    slot, now = seen.line.plan.slot, seen.situation.now
    assert slot is not None
    return _away(now, slot.start - BEFORE, now)


def _away_for_long(seen: Seen) -> tuple[Said, ...]:
    """From now until the acceptance has run out, and then back as was announced."""
    now = seen.situation.now
    return _away(now, now + LONG, now)


def _away(since: datetime, until: datetime, now: datetime) -> tuple[Said, ...]:
    return Said(AbsenceAnnounced(since=since, until=until)), Said(AbsenceEnded(), until - now)


def _declined(seen: Seen) -> tuple[Said, ...]:
    slot = seen.line.plan.slot
    assert slot is not None
    return (Said(SlotDeclined(line=seen.id, start=slot.start)),)


def _scanned(seen: Seen) -> HandedOver:
    return HandedOver.model_validate(
        {"line": seen.id, "iccid": seen.iccid, "imei": seen.line.kit.handed_imei, "by": BY}
    )


def _miscorrected(seen: Seen) -> tuple[Said, ...]:
    wrong = HandoverCorrected.model_validate({"line": seen.id, "iccid": seen.iccid, "why": WHY, "by": BY})
    return Said(wrong), Said(_scanned(seen), DAY)


def _lost(seen: Seen) -> tuple[Said, ...]:
    return (Said(KitLost.model_validate({"line": seen.id, "iccid": seen.iccid})),)


def _thought_lost(seen: Seen) -> tuple[Said, ...]:
    return *_lost(seen), Said(KitFound.model_validate({"line": seen.id, "iccid": seen.iccid}), DAY)


def _blocked(seen: Seen) -> tuple[Said, ...]:
    return (Said(SimBlocked.model_validate({"line": seen.id, "iccid": seen.iccid, "asked": False})),)


def _deactivated(seen: Seen) -> tuple[Said, ...]:
    assert seen.line.port.dossier is not None
    return (Said(NumberDeactivated(line=seen.id, dossier=seen.line.port.dossier)),)


def _ported_back(seen: Seen) -> tuple[Said, ...]:
    assert seen.line.port.dossier is not None
    return (Said(PortReversed(line=seen.id, dossier=seen.line.port.dossier)),)


def _forward_lost(seen: Seen) -> tuple[Said, ...]:
    return (Said(ForwardLost(line=seen.id, network=seen.world.served), DAY),)


def _reported(seen: Seen) -> tuple[Said, ...]:
    return (Said(ReportedUnreachable(line=seen.id)),)


def _waived(seen: Seen) -> tuple[Said, ...]:
    said = [Waived(line=seen.id, condition=one, why=WHY, by=by) for one in Waivable for by in (BY, SECOND)]
    return tuple(map(Said, said))


def _two_kits(seen: Seen) -> tuple[int, ...]:
    """This line and the next one whose new phone is in use, both to be called by their numbers."""
    worlds = seen.situation.worlds
    in_use = [place for place, line in enumerate(worlds) if line.in_hand and line.ports and not _one_phone(line)]
    return tuple(in_use[in_use.index(seen.place) :][:2]) if seen.place in in_use else ()


def _one_phone(line: LineWorld) -> bool:
    return line.handset is not Handset.NEW


def _may_be_swapped(seen: Seen) -> bool:
    return in_hand(seen) and len(_two_kits(seen)) == 2  # noqa: PLR2004 - as many as change places


def _nothing(_: Seen) -> tuple[Said, ...]:
    return ()


BEFALLS: Final[dict[str, Befalling]] = {
    "held": Befalling(moves, _held),
    "paused": Befalling(moves, _paused),
    "unread": Befalling(moves, _unread),
    "withdrawn": Befalling(ports, _withdrawn),
    "reconsidered": Befalling(ports, _reconsidered),
    "mandate": Befalling(lambda seen: ports(seen) and seen.line.mandate is not None, _mandate),
    "dropped": Befalling(moves, _dropped),
    "leaver": Befalling(lambda seen: seen.holder.leaver_at is None, _leaver),
    "absent": Befalling(planned, _absent),
    "absent, and back": Befalling(planned, _back),
    "away before": Befalling(a_day_before_slot, _away_before),
    "away for long": Befalling(before_slot, _away_for_long),
    "declined": Befalling(before_slot, _declined),
    "corrected": Befalling(in_hand, _miscorrected),
    "lost": Befalling(in_hand, _lost, "handset-lost"),
    "thought-lost": Befalling(lambda seen: in_hand(seen) and not performed(seen), _thought_lost),
    "blocked": Befalling(in_hand, _blocked, "sim-blocked"),
    "dies": Befalling(in_hand, _nothing, "sim-dies"),
    "deactivated": Befalling(
        lambda seen: seen.world.ports and seen.line.port.dossier is not None and not seen.line.ended,
        _deactivated,
        "number-deactivated",
    ),
    "ported-back": Befalling(performed, _ported_back, "ported-back"),
    "swapped": Befalling(_may_be_swapped, _nothing, "kits-swapped", _two_kits, Step.KIT_BACK),
    "forward-lost": Befalling(
        lambda seen: seen.world.forward(seen.world.served).target is not None, _forward_lost, "forward-lost"
    ),
    "reported": Befalling(lambda seen: seen.line.ended is None, _reported),
    "waived": Befalling(ports, _waived),
}
"""By name, as a report and a story have it."""


def possible(model: Model, situation: Situation) -> Iterator[tuple[str, int]]:
    """What may befall which line now, by name and place."""
    for place in range(len(situation.worlds)):
        seen = _seen(model, situation, place)
        if seen is not None:
            yield from ((name, place) for name, each in BEFALLS.items() if each.may(seen))


def befallen(model: Model, situation: Situation, name: str, place: int) -> tuple[Situation, Truth]:
    """The situation once this befell that line, and what the world's truth log has of it, by the line's place."""
    seen, befalling = _seen(model, situation, place), BEFALLS[name]
    assert seen is not None
    said = befalling.says(seen)
    worlds, truth = _changed(befalling, seen)
    holder = subject_of(seen.id)
    now = tuple(Mail(one.to or holder, one.fact, situation.now, Origin.OPERATOR) for one in said if not one.after)
    later = [
        Later(situation.now + one.after, Mail(one.to or holder, one.fact, situation.now + one.after, Origin.OPERATOR))
        for one in said
        if one.after
    ]
    held = soonest_first((*situation.later, *later))
    return situation._replace(worlds=worlds, queue=(*situation.queue, *now), later=held), truth


def _changed(befalling: Befalling, seen: Seen) -> tuple[tuple[LineWorld, ...], Truth]:
    worlds, now = list(seen.situation.worlds), seen.situation.now
    truth: list[tuple[int, TruthLine]] = []
    for place in befalling.whom(seen) if befalling.change else ():
        before = worlds[place]
        after = BY_OTHERS[befalling.change](before)
        if answered_by(after) != answered_by(before):
            truth.append((place, TruthLine(now, answered_by(after), Cause("world", befalling.change))))
        if befalling.undone is not None:
            after = after.later(Happening(now + DAY, befalling.undone, before.in_hand))
        worlds[place] = after
    return tuple(worlds), tuple(truth)


def _seen(model: Model, situation: Situation, place: int) -> Seen | None:
    name = model.lines[place].line
    holder = situation.states[model.subjects.index(subject_of(name))]
    if not isinstance(holder, Holder) or name not in holder.lines:
        return None
    return Seen(holder.lines[name], holder, situation.worlds[place], situation, place)
