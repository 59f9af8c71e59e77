"""The guards before what cannot be undone: every condition of the gate, and of the end of an old line."""

from datetime import datetime, timedelta
from typing import Final

from events.cutover import Network
from events.porting import PortState
from orchestrator import deciding
from orchestrator.deciding import cutover, endline, gate
from orchestrator.deciding.case import Case
from orchestrator.deciding.net import net
from orchestrator.reasons import Reason
from orchestrator.record import with_
from workers.verify.guards.guard import CASE, Guard, instead
from workers.verify.without import Instead


def _port(reason: Reason) -> tuple[Instead, ...]:
    whole, rest = (tuple(item for item in part if item[0] is not reason) for part in (gate.CONDITIONS, gate.REST))
    return *instead("CONDITIONS", whole, "gate"), *instead("REST", rest, "gate", "cutover")


def _end(reason: Reason) -> tuple[Instead, ...]:
    return instead("CONDITIONS", tuple(item for item in endline.CONDITIONS if item[0] is not reason), "endline")


_move = deciding._move  # noqa: SLF001 - what is taken out is known by its own name alone
ELSEWHERE: Final = frozenset({PortState.EXECUTING, PortState.BOOKED, PortState.ACCEPTED})


def _whatever_its_state(case: Case) -> None:
    slot = case.line.plan.slot
    if slot is None or case.line.port.state in ELSEWHERE:
        cutover.cutover_desk(case)
    else:
        cutover._accepted(case, slot)  # noqa: SLF001 - as above


def _leaver_or_not(case: Case) -> None:
    case.holder = with_(case.holder, leaver_at=None)
    _move(case)


def _in_whatever_hands(case: Case) -> None:
    case.in_hand = case.expected
    endline.end_desk(case)


def _half_a_day(case: Case) -> datetime:
    return case.now + timedelta(hours=12)


def _port_with(reason: Reason, condition: gate.Condition) -> tuple[Instead, ...]:
    """The gate with another condition of this name."""
    whole, rest = (
        tuple((name, condition if name is reason else holds) for name, holds in part)
        for part in (gate.CONDITIONS, gate.REST)
    )
    return *instead("CONDITIONS", whole, "gate"), *instead("REST", rest, "gate", "cutover")


def _led_anywhere(case: Case) -> bool:
    forwards = (net(case, Network.OLD), net(case, Network.NEW))
    return all(forward.stands() for forward in forwards) and forwards[1].iccid in {None, case.expected}


def _for_any_sim(case: Case) -> bool:
    forwards = (net(case, Network.OLD), net(case, Network.NEW))
    return all(forward.stands() and forward.target == case.enrolled.net for forward in forwards)


def _as_any_line(case: Case) -> timedelta:
    return case.terms.evidence


GATES: Final[dict[str, Guard]] = {
    # The new SIM works, here and now.
    "a SIM that is not active closes the gate": Guard(_port(Reason.SIM_NOT_ACTIVE), story="G01"),
    "a SIM that is not on the network is told of": Guard(_port(Reason.SIM_NOT_ATTACHED), story="G02"),
    "a SIM that is lost, blocked or faulty closes the gate": Guard(_port(Reason.SIM_FAULTY), story="G03"),
    "an unproved SIM closes the gate": Guard(_port(Reason.UNPROVED), "voice", ("dies",)),
    "an old proof closes the gate": Guard(_port(Reason.EVIDENCE_STALE), "voice", ("late cutover.test-reachability",)),
    "a proof that is young enough for others closes the gate of a critical line": Guard(
        (Instead(CASE, "evidence_limit", property(_as_any_line)),), story="G04"
    ),
    # All the rest.
    "a request that is not accepted closes the gate": Guard(
        (*_port(Reason.NOT_ACCEPTED), *instead("cutover_desk", _whatever_its_state, "")), "voice", ("ported-back",)
    ),
    "a first possible date that is still to come closes the gate": Guard(_port(Reason.TOO_EARLY), story="G05"),
    "an acceptance that ran out closes the gate": Guard(_port(Reason.ACCEPTANCE_EXPIRED), story="G06"),
    "no mandate closes the gate": Guard(_port(Reason.NO_MANDATE), "voice", ("mandate",)),
    "a port that a person stopped is recalled": Guard(_port(Reason.PORT_WITHDRAWN), story="G07"),
    "an unsettled leaver closes the gate": Guard(_port(Reason.LEAVER_UNSETTLED), "voice", ("leaver",)),
    "a kit that nobody scanned closes the gate": Guard(_port(Reason.NOT_HANDED_OVER), story="G08"),
    "a withdrawal under way closes the gate": Guard(_port(Reason.CANCEL_PENDING), story="G09"),
    "a binding under way closes the gate": Guard(_port(Reason.REBIND_PENDING), story="G10"),
    "an order bound to another SIM closes the gate": Guard(_port(Reason.WRONG_SIM_ON_ORDER), story="G11"),
    "a net that does not stand closes the gate": Guard(_port(Reason.NET_NOT_SET), "voice", ("forward-lost",)),
    "a net that leads to another desk closes the gate": Guard(
        _port_with(Reason.NET_NOT_SET, _led_anywhere), story="G12"
    ),
    "a net for another SIM closes the gate": Guard(_port_with(Reason.NET_NOT_SET, _for_any_sim), story="G13"),
    "a second medium that nobody tried closes the gate": Guard(_port(Reason.SECOND_MEDIUM_UNPROVED), story="G14"),
    "a person who does not agree closes the gate": Guard(_port(Reason.PERSON_NOT_CONFIRMED), "voice", ("declined",)),
    "an absence closes the gate": Guard(_port(Reason.PERSON_ABSENT), "voice", ("absent",)),
    "the slot's time closes the gate": Guard(_port(Reason.OUTSIDE_SLOT), "voice", (), 0),
    "a full duty roster closes the gate": Guard(_port(Reason.ROSTER_NOT_FREE), "roster-of-one", ("declined",)),
    "a hold closes the gate": Guard(_port(Reason.ON_HOLD), "voice", ("held",)),
    "an unread message closes the gate": Guard(_port(Reason.UNREAD_MESSAGE), "voice", ("unread",)),
    "a paused wave closes the gate": Guard(_port(Reason.WAVE_NOT_RUNNING), "voice", ("paused",)),
    "an order holds no longer than what it rests on": Guard(
        instead("effect_until", _half_a_day, "execution"), "voice", (), 0
    ),
    # The end of an old line that does not port.
    "a kit that nobody scanned keeps the old line": Guard(
        (*_end(Reason.NOT_HANDED_OVER), *instead("end_desk", _in_whatever_hands, "")),
        story="G15",
    ),
    "a hold keeps the old line": Guard(_end(Reason.ON_HOLD), "data", ("held",)),
    "an unread message keeps the old line": Guard(_end(Reason.UNREAD_MESSAGE), "data", ("unread",)),
    "a paused wave keeps the old line": Guard(_end(Reason.WAVE_NOT_RUNNING), story="G16"),
    "an unsettled leaver keeps the old line": Guard(
        (*_end(Reason.LEAVER_UNSETTLED), *instead("_move", _leaver_or_not, "")), story="G17"
    ),
    "a second medium that nobody tried keeps the old line": Guard(_end(Reason.SECOND_MEDIUM_UNPROVED), story="G18"),
}
"""By what each makes sure of, in a sentence."""
