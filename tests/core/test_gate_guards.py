"""Each condition of the gate, taken out: then a number moves that should not. Each has a situation of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from events.base import Account, Iccid, LetterId
from events.control import Waivable
from events.cutover import ExecutePort, Heard, Leg, Medium, ReachabilityTested
from events.enrolment import Critical
from orchestrator import deciding
from orchestrator.deciding import cutover, gate
from orchestrator.deciding.case import Case
from orchestrator.reasons import Reason
from orchestrator.record import Ask, AskState, Holder, Line, with_
from tests.core.spec import LINE, Spec, given
from workers.scenario.given import sim_number

A = sim_number(1)
B = sim_number(9)
Change = Callable[[Spec], None]


@dataclass(frozen=True)
class Situation:
    """How the line comes to be as it must not move: what is heard shortly before the slot, or what is known of it."""

    told: Change = lambda _: None
    known: Callable[[Line, datetime], Line] = lambda line, _now: line
    holder: Callable[[Holder], Holder] = lambda holder: holder
    critical: Critical | None = None
    early: timedelta = timedelta()


def sim(line: Line, iccid: Iccid = A, **known: object) -> Line:
    return with_(line, sims={**line.sims, iccid: with_(line.sims[iccid], **known)})


def port(line: Line, **known: object) -> Line:
    return with_(line, port=with_(line.port, **known))


def stale(line: Line, now: datetime) -> Line:
    return sim(line, test=with_(line.sims[A].test, at=now - timedelta(hours=3)))


def being_withdrawn(line: Line, now: datetime) -> Line:
    assert line.port.dossier is not None
    ask = Ask(key=line.asks["port"].key, attempt=1, at=now - timedelta(minutes=5), about=line.port.dossier)
    return with_(line, asks={**line.asks, "cancel": ask})


def rebinding_away(line: Line, now: datetime) -> Line:
    ask = Ask(key=line.asks["port"].key, attempt=1, at=now - timedelta(minutes=5), state=AskState.ASKED, about=B)
    return with_(line, asks={**line.asks, "rebind": ask})


def bound_to_another(line: Line, now: datetime) -> Line:
    refused = with_(rebinding_away(line, now).asks["rebind"], about=A, state=AskState.REFUSED, answered_at=now)
    return with_(port(line, bound=B), asks={**line.asks, "rebind": refused})


def rostered(line: Line, _now: datetime) -> Line:
    assert line.terms is not None
    return with_(line, terms=line.terms.model_copy(update={"rosters": ("R-bhv",)}))


def answered_by_the_net(spec: Spec) -> None:
    test = spec.line.sims[A].test
    assert test is not None
    heard = tuple(Heard(origin=origin, leg=Leg.FORWARD) for origin in spec.stage.terms.origins)
    fact = ReachabilityTested(
        key=spec.line.asks["test"].key,
        line=LINE,
        iccid=A,
        number=test.number,
        medium=Medium.VOICE,
        sequence=test.sequence + 1,
        heard=heard,
    )
    spec.stage.say(spec.holder.id, fact)


def says(name: str, **fields: Any) -> Situation:  # noqa: ANN401 - words as in a story
    return Situation(told=lambda spec: void(spec.hear(name, **fields)))


def void(_: object) -> None:
    """A statement where only an expression fits."""


SITUATIONS: dict[Reason, Situation] = {
    Reason.SIM_NOT_ACTIVE: Situation(known=lambda line, _: sim(line, active_at=None)),
    Reason.SIM_NOT_ATTACHED: Situation(known=lambda line, _: sim(line, attached_at=None)),
    Reason.SIM_FAULTY: Situation(
        told=lambda spec: void(spec.without("sim.reset-asked").hear("sim.failed", true_at="slot start - 40 minutes"))
    ),
    Reason.UNPROVED: Situation(told=answered_by_the_net),
    Reason.EVIDENCE_STALE: Situation(known=stale),
    Reason.NOT_ACCEPTED: Situation(known=lambda line, _: port(line, state=None)),
    Reason.TOO_EARLY: Situation(known=lambda line, now: port(line, first_possible=now + timedelta(hours=1))),
    Reason.ACCEPTANCE_EXPIRED: Situation(known=lambda line, now: port(line, first_possible=now - timedelta(days=91))),
    Reason.NO_MANDATE: says("enrolment.mandate-withdrawn"),
    Reason.PORT_WITHDRAWN: Situation(
        known=lambda line, now: port(line, withdrawn_at=now - timedelta(hours=1), corrected_at=now - timedelta(hours=2))
    ),
    Reason.LEAVER_UNSETTLED: says("enrolment.leaver-announced", last_day="2027-01-31"),
    Reason.NOT_HANDED_OVER: says("dispatch.handover-corrected"),
    Reason.CANCEL_PENDING: Situation(known=being_withdrawn),
    Reason.REBIND_PENDING: Situation(known=rebinding_away),
    Reason.WRONG_SIM_ON_ORDER: Situation(known=bound_to_another),
    Reason.NET_NOT_SET: Situation(
        told=lambda spec: void(spec.without("cutover.set-forward").hear("cutover.forward-lost", network="old"))
    ),
    Reason.SECOND_MEDIUM_UNPROVED: Situation(
        known=lambda line, _: with_(line, second_medium_at=None), critical=Critical.FIRST_AIDER
    ),
    Reason.PERSON_NOT_CONFIRMED: says("planning.slot-declined"),
    Reason.PERSON_ABSENT: says("planning.person-missed-slot"),
    Reason.OUTSIDE_SLOT: Situation(early=timedelta(minutes=1)),
    Reason.ROSTER_NOT_FREE: Situation(known=rostered),
    Reason.ON_HOLD: says("control.held"),
    Reason.UNREAD_MESSAGE: Situation(holder=lambda holder: with_(holder, letters=frozenset({LetterId("inbox/0/7")}))),
    Reason.WAVE_NOT_RUNNING: says("planning.wave-told", state="paused", change=9),
}


def at_slot(situation: Situation) -> Case:
    """The line at its slot, everything ready but for this."""
    spec = given("ready", critical=situation.critical.value if situation.critical else None)
    spec.at("slot start - 1 minute")
    situation.told(spec)
    now = spec.slot.start - situation.early
    line = situation.known(spec.line, now)
    holder = situation.holder(with_(spec.holder, lines={LINE: line}))
    assert line.terms is not None
    return Case(holder, line, line.terms, now=now, terms=spec.stage.terms)


def moves(case: Case) -> bool:
    """Whether the number would move by the whole decision."""
    decision = deciding.decide(case.holder, now=case.now, terms=case.terms)
    return any(isinstance(command, ExecutePort) for command in decision.commands)


def acts(case: Case) -> bool:
    """Whether the number would move by the act alone: the desk before it looks at the port's state too."""
    assert case.line.plan.slot is not None
    cutover._at_slot(case, case.line.plan.slot)  # noqa: SLF001 - the act that the gate guards
    return any(isinstance(command, ExecutePort) for command in case.commands)


def test_every_condition_has_a_situation() -> None:
    assert list(SITUATIONS) == [reason for reason, _ in gate.CONDITIONS]


def test_the_number_moves_when_all_conditions_hold() -> None:
    assert moves(at_slot(Situation()))


@pytest.mark.parametrize("reason", SITUATIONS, ids=str)
def test_the_number_does_not_move_and_the_reason_is_this_one_alone(reason: Reason) -> None:
    case = at_slot(SITUATIONS[reason])

    assert gate.gate(case) == (reason,)
    assert not moves(case)


def test_at_the_very_moment_the_acceptance_ends_it_is_asked_for_anew_and_nothing_moves() -> None:
    def ends_now(line: Line, now: datetime) -> Line:
        return port(line, first_possible=now - timedelta(days=90))

    assert not moves(at_slot(Situation(known=ends_now)))


@pytest.mark.parametrize("taken_out", SITUATIONS, ids=str)
def test_without_the_condition_the_number_would_move(taken_out: Reason, monkeypatch: pytest.MonkeyPatch) -> None:
    case = at_slot(SITUATIONS[taken_out])
    monkeypatch.setattr(gate, "CONDITIONS", tuple(item for item in gate.CONDITIONS if item[0] is not taken_out))

    assert acts(case) if taken_out in {Reason.NOT_ACCEPTED, Reason.PORT_WITHDRAWN} else moves(case)


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        (Waivable.SECOND_MEDIUM, Reason.SECOND_MEDIUM_UNPROVED),
        (Waivable.ROSTER_FREE, Reason.ROSTER_NOT_FREE),
        (Waivable.WAVE_RUNNING, Reason.WAVE_NOT_RUNNING),
    ],
)
def test_it_takes_two_accounts_to_waive(condition: Waivable, reason: Reason) -> None:
    case = at_slot(SITUATIONS[reason])

    assert not moves(waived(case, condition, "els"))
    assert moves(waived(case, condition, "els", "jan"))


def waived(case: Case, condition: Waivable, *accounts: str) -> Case:
    line = with_(case.line, waivers={condition: tuple(map(Account, accounts))})
    return Case(with_(case.holder, lines={LINE: line}), line, case.enrolled, now=case.now, terms=case.terms)
