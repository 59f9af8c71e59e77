"""A number that was deactivated: one incident, until somebody saw to it."""

from __future__ import annotations

from tests.core.spec import LINE, given


def test_a_done_line_whose_number_is_gone_is_one_incident_until_somebody_saw_to_it() -> None:
    line = given("done").hear("porting.number-deactivated", after="+1 day")
    assert line.line.incident_count == 1
    assert line.tasks == {"incident"}

    line.hear("control.task-done", task=f"{LINE}/incident/1", after="+1 hour").hear("enrolment.absence-ended")

    assert line.line.incidents == {}
    assert line.line.incident_count == 1
    assert line.tasks == set()


def test_a_line_that_ends_with_its_number_leaves_no_incident_open() -> None:
    line = given("accepted").hear("porting.number-deactivated", after="+1 day")

    line.hear("control.task-done", task=f"{LINE}/incident/1", after="+1 hour")

    assert str(line.line.ended) == "deactivated"
    assert line.line.incidents == {}
