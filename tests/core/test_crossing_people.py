"""People and providers who cross each other: what was found by an attack, each with the way it went wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from events.base import Account, LineId, SubjectId
from events.control import CommandRefused, Held, OutcomeUnknown, Released, Waivable, Waived
from events.cutover import EndOldLine, ExecutePort, ReportedUnreachable, SetForward
from events.dispatch import HandedOver, MismatchSettled
from events.planning import SlotDeclined
from events.registry import AnyFact
from events.sim import SimBlocked
from orchestrator.deciding.case import Case
from orchestrator.deciding.port import dossier_for
from orchestrator.record import with_
from tests.core.spec import HOLDER, LINE, Spec, given
from workers.promises.judging import opened
from workers.scenario.given import sim_number
from workers.scenario.story import Act

BY = Account("els")


def helped(until: str, **line: str) -> Spec:
    spec = given(until, **line)
    spec.acting(*Act)
    return spec


def say(spec: Spec, *facts: AnyFact) -> Spec:
    for fact in facts:
        spec.hear()
        spec.stage.say(HOLDER, fact)
    return spec


def test_the_net_is_not_taken_from_an_old_sim_that_was_blocked_since_its_test() -> None:
    line = given("ready").at("slot start - 2 hours").without("cutover.clear-forward").hear("porting.withdrawn")
    say(line, CommandRefused(key=line.line.asks["clear-old"].key, line=LINE, code="busy")).at("+1 minute")
    assert line.line.terms is not None
    assert line.line.terms.old_iccid is not None

    say(line, SimBlocked(line=LINE, iccid=line.line.terms.old_iccid, asked=False)).at("+16 minutes")

    assert "cutover.clear-forward" not in line.ordered


def test_a_number_that_moves_after_its_line_was_ended_is_seen_to() -> None:
    line = given("accepted").hear("porting.withdrawn", after="+1 hour").hear("porting.performed", after="+1 hour")

    assert line.tasks == {"incident"}
    assert "cutover.set-forward" in line.ordered


def test_a_number_that_goes_back_after_its_line_was_done_is_an_incident_until_somebody_saw_to_it() -> None:
    line = given("done").hear("porting.reversed", after="+1 day")
    assert line.tasks == {"incident"}

    line.hear("control.task-done", task=f"{LINE}/incident/1", after="+1 hour")

    assert (line.tasks, line.line.incidents) == (set(), {})


@pytest.mark.parametrize("stop", ["porting.withdrawn", "enrolment.line-dropped"])
def test_who_stops_a_port_that_is_under_way_takes_the_order_back_first(stop: str) -> None:
    line = given("ready").without("cutover.execute-port", "cutover.withdraw").at("slot start + 1 minute")

    assert line.hear(stop).ordered == ["cutover.withdraw"]


def test_a_sim_that_a_person_gave_up_carries_no_number() -> None:
    line = helped("ready").at("slot start - 5 minutes").hear("dispatch.mismatch-settled", choice="resend")

    assert "cutover.execute-port" not in line.at("slot start + 5 minutes").ordered


def test_a_booking_is_recalled_when_its_person_will_be_away() -> None:
    line = helped("cutover", execution="booked")

    line.hear("enrolment.absence-announced", since="slot start - 1 hour", until="slot end")

    assert "cutover.recall-port" in line.ordered


def test_a_waiver_does_not_outweigh_a_no() -> None:
    line = helped("ready").at("slot start - 5 minutes")
    waived = [Waived(line=LINE, condition=Waivable.PERSON_CONFIRMED, why="x", by=by) for by in (BY, Account("jan"))]

    say(line, *waived, SlotDeclined(line=LINE, start=line.slot.start)).at("slot start + 10 minutes")

    assert "cutover.execute-port" not in line.ordered


def test_the_net_is_set_for_the_sim_that_will_carry_the_number() -> None:
    line, other = helped("ready").at("slot start - 23 hours"), sim_number(3)

    say(
        line, HandedOver(line=LINE, iccid=other, by=BY), MismatchSettled(line=LINE, iccid=other, choice="rebind", by=BY)
    )
    line.at("slot start + 5 minutes")
    acts = [c for heard in line.stage.history for c in heard.decision.commands]
    nets = [c.iccid for c in acts if isinstance(c, SetForward) and c.iccid]

    assert nets == [sim_number(1), other]
    assert [c.iccid for c in acts if isinstance(c, ExecutePort)] == [other]
    assert len({c.key for c in acts if isinstance(c, SetForward)}) == len(nets) + 1


def test_a_request_is_not_sent_again_once_its_mandate_is_withdrawn() -> None:
    line = given("planned").without("porting.request").at("+2 days")
    line.hear("control.outcome-unknown", to="porting.request").hear("enrolment.mandate-withdrawn", after="+1 minute")

    assert "porting.request" not in line.at("+1 hour").ordered
    assert "file-mandate" in line.tasks


def test_an_outcome_is_not_asked_for_while_the_other_side_is_left_alone() -> None:
    line = given("planned").without("porting.request").at("+2 days")
    back = line.stage.now + timedelta(hours=5)
    command = line.line.asks["port"].key
    say(line, OutcomeUnknown(key=command, line=LINE, again_at=back))

    assert "porting.ask" not in line.at("+4 hours").ordered
    assert "porting.ask" in line.at("+2 hours").ordered


def test_a_request_that_nobody_took_is_a_persons_task_and_made_anew_by_it() -> None:
    line = given("planned").without("porting.request").at("+2 days")
    line.hear("control.command-refused", to="porting.request", code="busy")
    assert "correct-data" in line.tasks

    assert "porting.request" in line.hear("porting.data-corrected", after="+1 hour").ordered
    assert opened(line.line) == ["NL-E-0001-1-2"]


def test_a_correction_after_a_withdrawal_that_came_to_nothing_lets_the_number_move() -> None:
    line = helped("ready").without("porting.cancel").hear("porting.withdrawn", after="+1 hour")
    line.hear("control.command-refused", to="porting.cancel", code="busy")

    line.hear("porting.data-corrected", after="+5 minutes").at("+30 days")

    assert any(isinstance(c, ExecutePort) for c in line.commands)


def test_releasing_one_line_leaves_the_hold_on_the_whole_person() -> None:
    line = say(given("ready"), Held(line=None, by=BY, why="fire"), Released(line=LINE, by=BY, why="not this one"))

    assert [hold.line for hold in line.holder.holds] == [None]


def test_a_line_that_is_enrolled_anew_without_a_port_is_not_ended_while_its_port_is_open() -> None:
    line = helped("accepted").without("porting.cancel")
    assert line.line.terms is not None

    say(line, line.line.terms.model_copy(update={"ports": False})).hear("cutover.end-approved", after="+1 hour")

    assert not any(isinstance(command, EndOldLine) for command in line.at("+5 days").commands)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("E-PERSONEELSNUMMER-0012345-1", "E-PERSONEELSNUMMER-0012346-1"),
        ("E-jan.vries-1", "E-JAN-vries-1"),
        ("E-0001-1", "E-0001-11"),
    ],
)
def test_no_two_lines_and_no_two_requests_of_one_share_a_dossier(one: str, other: str) -> None:
    dossiers = [_dossier(line, attempt) for line in (one, other) for attempt in (1, 2, 12)]

    assert len(set(dossiers)) == len(dossiers)
    assert max(map(len, dossiers)) <= 26


def _dossier(line: str, attempt: int) -> str:
    spec = given("planned")
    assert spec.line.terms is not None
    named = with_(spec.line, id=LineId(line))
    holder = with_(spec.holder, id=SubjectId(line.rpartition("-")[0]))
    case = Case(holder, named, spec.line.terms, now=spec.stage.now, terms=spec.stage.terms)
    return dossier_for(case, attempt)


def test_a_faulty_sim_that_answers_all_the_same_is_no_incident_again_and_again() -> None:
    line = helped("reached").hear("sim.failed", why="dead", after="+1 hour").at("+8 days")

    assert line.line.incident_count <= 1
    assert line.line.asks["message.disturbed"].attempt == 1


def test_a_fact_by_a_clock_ahead_of_ours_does_not_keep_testing() -> None:
    line = given("ready").hear()
    line.stage.say(HOLDER, ReportedUnreachable(line=LINE), true_at=line.stage.now + timedelta(minutes=3))

    assert line.ordered.count("cutover.test-reachability") <= 1
