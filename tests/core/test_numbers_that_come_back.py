"""A number that was moved, and is ported back by somebody else."""

from __future__ import annotations

from datetime import timedelta

from events.cutover import Network, SetForward
from events.outcomes import TaskKind
from orchestrator.reachability import known_ways, reachable
from tests.core.spec import given


def test_the_net_is_set_on_the_old_network_anew_since_the_port_took_it_away() -> None:
    line = given("done").hear("porting.reversed", after="+1 hour")

    (net,) = (command for command in line.commands if isinstance(command, SetForward))
    assert net.network is Network.OLD


def test_no_forward_from_before_the_port_is_counted_on() -> None:
    line = given("ported").without("cutover.set-forward").hear("porting.reversed", after="+1 hour").line

    old, new = known_ways(line)
    assert (old.carries, old.forward) == (True, ())
    assert not new.carries
    assert reachable((old,)), "by the old phone alone"


def test_a_number_that_comes_back_before_its_line_is_done_is_an_incident_with_a_net_at_once() -> None:
    line = given("ported").hear("porting.reversed", after="+1 minute")

    assert "ported-back" in line.line.incidents
    assert "cutover.set-forward" in line.ordered
    assert "incident" in line.tasks


def test_the_owner_of_a_single_phone_is_asked_to_put_the_old_sim_back() -> None:
    line = given("ported", handset="kept").hear("porting.reversed", after="+1 minute")

    assert "put-back" in line.letters


def test_a_new_phone_s_owner_has_the_old_phone_still() -> None:
    line = given("ported").hear("porting.reversed", after="+1 minute")

    assert "put-back" not in line.letters


def test_once_somebody_saw_to_it_the_port_is_asked_for_anew_in_a_dossier_of_its_own() -> None:
    line = given("ported").hear("porting.reversed", after="+1 minute")

    line.hear("control.task-done", after="+1 hour", task="incident").hear("porting.data-corrected", after="+1 hour")

    assert line.line.incidents == {}
    assert line.line.port.attempt == 2


def test_a_task_done_at_the_very_moment_was_about_something_else() -> None:
    line = given("reached").hear("sim.failed", why="dead", after="+1 hour")
    assert "incident" in line.tasks

    line.hear("porting.reversed", "control.task-done", after="+1 hour", task="incident")

    assert "ported-back" in line.line.incidents


def test_a_task_done_before_word_of_it_came_was_about_something_else() -> None:
    line = given("reached", handset="kept").hear("sim.failed", why="dead", after="+1 hour")
    line.hear("control.task-done", after="+2 hours", task="incident")
    since = f"{line.stage.now - timedelta(hours=1):%Y-%m-%d %H:%M}"

    line.hear("porting.reversed", after="+1 hour", true_at=since)

    assert "ported-back" in line.line.incidents
    assert "put-back" in line.letters
    assert line.line.tasks[TaskKind.INCIDENT].done_at is None, "whoever saw to the first incident knows nothing of this"


def test_an_old_phone_that_rings_again_settles_it() -> None:
    line = given("ported", handset="kept").answering(cutover__test_reachability="handset")
    line.hear("enrolment.line-dropped").hear("porting.reversed", after="+1 minute").at("+3 hours")

    assert line.line.incidents == {}
    assert line.line.ended == "dropped"


def test_a_letter_to_put_the_old_sim_back_that_is_not_heeded_is_written_again() -> None:
    line = given("ported", handset="kept").answering(cutover__test_reachability="forward")
    line.hear("enrolment.line-dropped").hear("porting.reversed", after="+1 minute")
    assert line.letters.count("put-back") == 1

    assert line.at("+1 day").letters.count("put-back") == 1
