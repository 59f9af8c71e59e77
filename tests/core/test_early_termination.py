"""A number that may move only long after its slot: a person may have the old contract end early, at a cost."""

from __future__ import annotations

import pytest

from orchestrator.reasons import Reason
from tests.core.spec import Spec, given

FIRST = "2027-01-15"


@pytest.fixture
def late() -> Spec:
    """Accepted for a date long after the slot."""
    line = given("requested", first_possible=FIRST).without("porting.cancel")
    return line.hear("porting.accepted", first_possible=FIRST, after="+1 day")


def consents(line: Spec) -> Spec:
    return line.hear("enrolment.mandate-filed", mandate="m-2", early_termination=True, after="+1 hour")


def test_the_project_leader_is_asked(late: Spec) -> None:
    assert late.tasks == {"early-termination"}


def test_nobody_is_asked_when_the_number_may_move_in_its_slot() -> None:
    assert given("accepted").tasks == set()


def test_who_said_no_is_not_asked_again(late: Spec) -> None:
    late.hear("control.task-done", task="E-0001-1/early-termination/1", after="+1 hour").at("+15 days")

    assert "early-termination" not in late.tasks
    assert "porting.cancel" not in late.ordered


def test_consent_withdraws_the_request_and_makes_it_anew(late: Spec) -> None:
    assert consents(late).ordered == ["porting.cancel"]

    late.hear("porting.cancelled", after="+1 minute")

    request = next(command for command in late.commands if command.type.endswith("porting.request.v1"))
    assert getattr(request, "early_termination", None) is True
    assert "early-termination" not in late.tasks


def test_nothing_is_carried_out_while_the_withdrawal_is_under_way(late: Spec) -> None:
    consents(late)

    assert late.reasons >= {Reason.CANCEL_PENDING}


def test_consent_that_comes_when_the_date_is_near_changes_nothing(late: Spec) -> None:
    late.at("2027-01-10 12:00")

    assert "porting.cancel" not in consents(late).ordered
    assert "early-termination" not in late.tasks


def test_an_acceptance_that_crosses_the_withdrawal_is_not_taken_for_the_new_request(late: Spec) -> None:
    dossier = consents(late).line.port.dossier
    late.hear("porting.cancelled", after="+1 minute").hear("porting.accepted", dossier=dossier, first_possible=FIRST)

    assert str(late.line.port.state) in {"unknown", "submitted"}


def test_the_leader_stays_asked_when_the_person_cannot_make_the_later_slot(late: Spec) -> None:
    late.at("+2 days").hear("planning.slot-declined", after="+1 hour")

    assert "early-termination" in late.tasks
