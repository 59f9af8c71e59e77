"""The port request: asked, answered, refused, corrected, withdrawn."""

from __future__ import annotations

from events.porting import PortState
from orchestrator.reasons import Reason
from tests.core.spec import given
from workers.promises.judging import opened


def test_requests_the_port_once_a_kit_is_granted() -> None:
    assert given("planned").at("2026-11-24 06:00").ordered == ["dispatch.ship-kit", "porting.request"]


def test_does_not_request_without_a_mandate() -> None:
    line = given("planned", mandate=False).at("2026-11-24 06:00")

    assert line.ordered == ["dispatch.ship-kit"]
    assert Reason.NO_MANDATE in line.reasons
    assert line.tasks == {"file-mandate"}


def test_does_not_request_while_a_person_holds_the_line() -> None:
    line = given("planned").hear("control.held").at("2026-11-24 06:00")

    assert "porting.request" not in line.ordered


def test_requests_once_the_hold_is_lifted() -> None:
    line = given("planned").hear("control.held").at("2026-11-24 06:00").hear("control.released", after="+1 hour")

    assert line.ordered == ["porting.request"]


def test_an_answer_that_does_not_come_is_chased_after_three_working_days() -> None:
    line = given("requested")

    assert line.at("3 working days later").tasks == {"chase-answer"}
    assert line.ordered == ["porting.ask"]


def test_the_provider_is_asked_once_a_day_not_in_a_loop() -> None:
    line = given("requested").at("3 working days later")

    assert line.at("+23 hours").ordered == []
    assert line.at("+1 hour").ordered == ["porting.ask"]


def test_a_refused_request_waits_for_a_person() -> None:
    line = given("requested").hear("porting.blocked", code="63", after="+1 day")

    assert line.at("+20 days").ordered == []
    assert line.tasks >= {"correct-data"}


def test_a_corrected_request_has_a_dossier_of_its_own() -> None:
    line = (
        given("requested")
        .hear("porting.blocked", code="63", after="+1 day")
        .hear("porting.data-corrected", after="+1 hour")
    )

    assert line.line.port.dossier == "NL-E-0001-1-2"
    assert [one.state for one in line.line.port.closed] == [PortState.BLOCKED]


def test_a_correction_that_came_before_the_refusal_does_not_send_it_again() -> None:
    line = given("requested").hear("porting.data-corrected").hear("porting.blocked", code="63", after="+1 day")

    assert line.ordered == []


def test_a_late_refusal_does_not_overwrite_the_reason_of_a_newer_one() -> None:
    line = given("requested").hear("porting.error-found", code="12", after="+1 day")
    line.hear("porting.blocked", code="63", true_at="2026-11-24 08:00")

    assert (line.line.port.state, line.line.port.code) == (PortState.FAILED, "12")


def test_an_acceptance_that_ran_out_is_closed_when_a_new_one_is_asked() -> None:
    line = given("accepted").at("2027-03-02 01:00")

    assert [one.state for one in line.line.port.closed] == [PortState.LAPSED]
    assert line.line.port.dossier == "NL-E-0001-1-2"


def test_what_was_performed_is_never_refused() -> None:
    line = given("requested").hear("porting.cancelled", after="+1 hour").hear("porting.performed", after="+1 hour")

    assert line.line.port.state is PortState.PERFORMED
    assert line.line.incidents


def test_a_port_that_was_performed_again_after_a_reversal_stays_so() -> None:
    line = given("ported").hear("porting.reversed", after="+1 hour").hear("porting.performed", after="+1 hour")
    line.hear("porting.reversed", true_at="2026-12-10 10:30")

    assert line.line.port.state is PortState.PERFORMED
    assert line.line.port.performed_at is not None


def test_what_the_provider_says_by_the_way_is_asked_once() -> None:
    line = given("accepted").hear("porting.reported", state="executing", after="+1 hour")

    assert line.line.port.state is PortState.ACCEPTED
    assert line.ordered == ["porting.ask"]
    assert line.hear("porting.reported", state="executing", after="+1 minute").ordered == ["porting.ask"]


def test_what_the_provider_says_by_the_way_and_we_know_is_not_asked() -> None:
    assert given("accepted").hear("porting.reported", state="accepted", after="+1 hour").ordered == []
    assert given("accepted").hear("porting.reported", state="submitted", true_at="2026-11-24 06:00").ordered == []


def test_an_acceptance_told_before_its_request_is_over_with_it_when_it_lapses() -> None:
    line = given("planned").hear("porting.accepted", iccid="SIM 2").at("+1 day").hear("porting.lapsed")

    assert opened(line.line) == [line.line.port.dossier]
