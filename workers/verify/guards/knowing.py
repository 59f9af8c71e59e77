"""The guards of what is known: facts that come late, twice, crossed, and at the same instant."""

from datetime import datetime
from typing import Final

from events.base import Answer, Dossier, effect_of
from events.cutover import ForwardCleared, ForwardConfirmed, Heard, Leg, ReachabilityTested
from events.dispatch import DispatchFact, ParcelAnnounced
from events.enrolment import AbsenceAnnounced, AbsenceEnded
from events.planning import PlanningFact, WaveTold
from events.porting import PortRecalled, PortState
from orchestrator import knowing
from orchestrator.knowing import cutover, porting
from orchestrator.knowing.asks import settle
from orchestrator.knowing.dispatch import expected, heard_dispatch, sim
from orchestrator.knowing.planning import heard_planning
from orchestrator.knowing.porting import performed
from orchestrator.reachability import OUTSIDE
from orchestrator.record import AskState, Forward, Holder, Line, Mandate, Port, Sim, with_
from orchestrator.turn import YesOrNo
from workers.verify.guards.guard import KNOWING, Guard, instead, known_instead, no, nothing, yes
from workers.verify.without import Instead

_away = knowing._away  # noqa: SLF001 - as below
_tested = cutover._tested  # noqa: SLF001 - what is taken out is known by its own name alone


def _at_a_tie(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and (other is None or one >= other)


def _found_or_not(known: Sim) -> bool:
    return known.lost_at is not None and not _at_a_tie(known.attached_at, known.lost_at)


def _answered_at_all(line: Line, fact: ReachabilityTested, at: datetime) -> Line:
    heard = tuple(Heard(origin=one.origin, leg=Leg.HANDSET) if one.leg is Leg.FORWARD else one for one in fact.heard)
    return _tested(line, fact.model_copy(update={"heard": heard}), at)


def _by_one_network(line: Line, fact: ReachabilityTested, at: datetime) -> Line:
    if any(one.leg is Leg.HANDSET for one in fact.heard):
        fact = fact.model_copy(update={"heard": tuple(Heard(origin=one.origin, leg=Leg.HANDSET) for one in fact.heard)})
    return _tested(line, fact, at)


def _whenever_tested(line: Line, fact: ReachabilityTested, at: datetime) -> Line:
    known = sim(line, fact.iccid)
    line = with_(line, sims={**line.sims, fact.iccid: with_(known, test=None)})
    return _tested(line, fact, at)


def _any_generation_set(line: Line, fact: ForwardConfirmed, at: datetime) -> Forward:
    known = line.nets.get(fact.network) or Forward()
    before = known.before if known.set_at else fact.before
    return Forward(generation=fact.generation, set_at=at, target=fact.target, iccid=fact.iccid, before=before)


def _any_generation_cleared(line: Line, fact: ForwardCleared, at: datetime) -> Forward:
    return with_(line.nets.get(fact.network) or Forward(), cleared_at=at)


def _of_whatever_sim(line: Line, fact: ReachabilityTested, at: datetime) -> Line:
    return _tested(line, fact.model_copy(update={"iccid": expected(line) or fact.iccid}), at)


def _of_any_attempt(
    line: Line, answer: Answer, state: AskState, at: datetime, code: str = "", *, again_at: datetime | None = None
) -> Line:
    ask = line.asks.get(effect_of(answer.key))
    latest = answer.model_copy(update={"key": ask.key}) if ask is not None else answer
    return settle(line, latest, state, at, code, again_at=again_at)


def _as_heard(_line: Line, _fact: PortRecalled, at: datetime) -> datetime:
    return at


def _as_it_was(port: Port, *_: object) -> Port:
    return port


def _hint_as_word(port: Port, state: PortState, at: datetime) -> Port:
    return porting._to(port, state, at)  # noqa: SLF001 - as above


def _unbooked_whenever(port: Port, at: datetime) -> Port:
    if port.state not in {PortState.BOOKED, PortState.EXECUTING}:
        return port
    return with_(port, state=PortState.ACCEPTED, state_at=at, runs_at=None, recall_until=None)


def _performed_but_never_early(port: Port, dossier: Dossier, at: datetime, *, asked: bool = False) -> Port:
    return with_(performed(port, dossier, at, asked=asked), early=False)


def _performed_again(port: Port, dossier: Dossier, at: datetime, *, asked: bool = False) -> Port:
    moved = performed(with_(port, deactivated_at=None), dossier, at, asked=asked)
    return with_(moved, deactivated_at=port.deactivated_at)


def _later_of_both(one: YesOrNo, other: YesOrNo) -> bool:
    return (other.at, other.yes) > (one.at, one.yes)


def _whatever_parcel(line: Line, fact: DispatchFact, at: datetime) -> Line:
    ask = line.asks.get("ship")
    if isinstance(fact, ParcelAnnounced) and ask is not None:
        fact = fact.model_copy(update={"key": ask.key})
    return heard_dispatch(line, fact, at)


def _whenever_told(line: Line, fact: PlanningFact, at: datetime) -> Line:
    if isinstance(fact, WaveTold):
        line = with_(line, plan=with_(line.plan, wave_change=-1))
    return heard_planning(line, fact, at)


def _whenever_away(holder: Holder, fact: AbsenceAnnounced | AbsenceEnded, at: datetime) -> Holder:
    return _away(with_(holder, absence_at=None), fact, at)


def _filed(mandate: Mandate) -> bool:
    return mandate.filed_at is not None


KNOWING_GUARDS: Final[dict[str, Guard]] = {
    # What became of commands.
    "what was settled of a command stays settled": Guard(known_instead("SETTLED", (), "asks"), story="G61"),
    "of what nobody knows nobody can say that nothing was done": Guard(
        known_instead("_nobody_knows", no, "asks"), story="G62"
    ),
    "an answer to an earlier attempt changes nothing": Guard(
        known_instead("settle", _of_any_attempt, "asks", "porting", "cutover", "dispatch"), story="G63"
    ),
    # The port.
    "an older word on the port changes nothing": Guard(known_instead("moves", yes, "porting"), story="G64"),
    "a number that moved unasked is known to have": Guard(
        known_instead("performed", _performed_but_never_early, "porting"), "voice", ("drawn early",)
    ),
    "a deactivated number is not moved again": Guard(
        known_instead("performed", _performed_again, "porting"), story="G65"
    ),
    "a port that may have been ordered is not called early": Guard(
        known_instead("_ordered", no, "porting"), story="G66"
    ),
    "a hint is no word on the port": Guard(known_instead("_hinted", _hint_as_word, "porting"), story="G42"),
    "a recall is of its own booking": Guard(known_instead("_recalled_at", _as_heard, "porting"), story="G67"),
    "an older recall takes no later booking out": Guard(
        known_instead("_unbooked", _unbooked_whenever, "porting"), story="G68"
    ),
    "a deactivation counts whichever dossier names it": Guard(
        known_instead("_elsewhere", _as_it_was, "porting"), story="G69"
    ),
    # People, waves and parcels.
    "the parcel of an earlier kit is not the line's": Guard(
        (Instead(KNOWING, "heard_dispatch", _whatever_parcel),), story="G70"
    ),
    "an older word on a wave changes nothing": Guard(
        (Instead(KNOWING, "heard_planning", _whenever_told),), story="G71"
    ),
    "an older word on an absence changes nothing": Guard((Instead(KNOWING, "_away", _whenever_away),), story="G72"),
    "a mandate that was taken back is none": Guard(
        (Instead("orchestrator.record:Mandate", "in_force", property(_filed)),), story="G73"
    ),
    # Tests and the net.
    "a forward that answers proves nothing": Guard(
        known_instead("_tested", _answered_at_all, "cutover"), "voice", ("dies",)
    ),
    "a test is answered from every network": Guard(known_instead("_tested", _by_one_network, "cutover"), story="G74"),
    "an older test changes nothing": Guard(known_instead("_tested", _whenever_tested, "cutover"), story="G75"),
    "a test proves the SIM that was tested": Guard(
        known_instead("_tested", _of_whatever_sim, "cutover"), "voice", ("withdrawn",)
    ),
    "an older generation of the net changes nothing": Guard(
        known_instead("_set", _any_generation_set, "cutover"), story="G76"
    ),
    "a clear counts for its own generation": Guard(
        known_instead("_cleared", _any_generation_cleared, "cutover"), story="G77"
    ),
    # Evidence.
    "at the same instant what speaks against a SIM wins": Guard(
        instead("after", _at_a_tie, "evidence", "gate", "kit", "port", "sim", "undo", "aftercare", "endline"),
        story="G78",
    ),
    "proof is younger than what speaks against the SIM": Guard(
        instead("contrary_at", nothing, "evidence", "sim", "undo", "aftercare", "endline", ""), story="G79"
    ),
    "lost ends only by found": Guard(
        instead("lost", _found_or_not, "evidence", "kit", "aftercare", "endline"), story="G80"
    ),
    "of a yes and a no at the same instant the no counts": Guard(
        (Instead("orchestrator.turn:YesOrNo", "outdone_by", _later_of_both),), story="G81"
    ),
    # How we judge who can be called.
    "a forward that stands nowhere is no way to anybody": Guard(
        (Instead("orchestrator.reachability", "_end", lambda *_: OUTSIDE),), story="G82"
    ),
    "an old phone that failed is no way to anybody": Guard(
        (Instead("orchestrator.reachability", "_old_rings", yes),), story="G83"
    ),
    "a new SIM rings only as far as it is proved": Guard(
        (Instead("orchestrator.reachability", "_new_rings", yes),), story="G84"
    ),
}
"""By what each makes sure of, in a sentence."""
