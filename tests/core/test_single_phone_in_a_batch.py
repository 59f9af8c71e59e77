"""A single phone in a batch: its new SIM goes in shortly before, and out again when the batch goes without it."""

from __future__ import annotations

import pytest

from tests.core.spec import Spec, given


@pytest.fixture
def recalled() -> Spec:
    """The new SIM did not come on the network in time, so the booking was recalled."""
    return given("ready", handset="kept", execution="booked").at("slot start - 61 minutes")


def test_a_sim_that_stays_off_the_network_is_set_up_again_when_the_batch_goes_without_it(recalled: Spec) -> None:
    assert "cutover.recall-port" in recalled.ordered
    assert "sim.reset-asked" in recalled.ordered


def test_it_is_set_up_again_even_if_the_patience_with_its_owner_ends_at_the_moment_of_the_recall() -> None:
    line = given("ready", handset="kept", execution="booked", terms={"insert_patience": "50 minutes"})

    line.at("slot start - 61 minutes")

    assert "sim.reset-asked" in line.ordered


def test_whose_sim_was_put_in_in_time_is_not_set_up_again() -> None:
    line = given("ready", handset="kept", execution="booked").at("slot start - 121 minutes")

    line.hear("sim.attached", after="+5 minutes").at("slot start - 61 minutes")

    assert "sim.reset-asked" not in line.ordered


def test_a_line_that_a_batch_went_without_is_looked_at_when_the_batch_begins(recalled: Spec) -> None:
    looks_at = recalled.looks_at

    assert looks_at is not None
    assert looks_at <= recalled.slot.start


@pytest.mark.parametrize("execution", ["on_call", "booked"])
def test_a_slot_that_came_to_nothing_is_looked_at_before_it_is_over(execution: str) -> None:
    line = given("ready", execution=execution).hear("control.held", after="+1 hour").at("slot start - 1 minute")

    assert line.looks_at is not None
    assert line.looks_at <= line.slot.end


@pytest.fixture
def left_out() -> Spec:
    """The new SIM was put in and proved, the batch left the port out, and the owner put the old SIM back."""
    line = given("ready", handset="kept", execution="booked").at("slot start - 175 minutes")
    line.hear("sim.attached", after="+5 minutes").at("slot start - 1 minute")
    line.hear("porting.missed-batch", after="+1 minute")
    assert "put-back" in line.letters
    return line


def test_a_sim_that_was_taken_out_again_is_not_tested_in_a_drawer(left_out: Spec) -> None:
    left_out.at("+1 day").hear("planning.slot-confirmed", after="+1 hour")
    tests = left_out.line.sequence
    assert tests > 0

    left_out.at("slot start - 4 hours")

    assert left_out.line.sequence == tests
    assert left_out.line.port.state == "booked", "its proof is asked for when it is in the phone again"


def test_it_goes_in_again_for_the_next_batch(left_out: Spec) -> None:
    left_out.at("+1 day").hear("planning.slot-confirmed", after="+1 hour")

    assert "insert-sim" in left_out.at("slot start").letters


def test_what_was_proved_before_it_was_taken_out_proves_nothing_any_more(left_out: Spec) -> None:
    assert left_out.line.kit.handed is not None
    test = left_out.line.sims[left_out.line.kit.handed].test
    assert test is not None
    assert test.passed

    left_out.at("+1 day").hear("planning.slot-confirmed", after="+1 hour").without("cutover.test-reachability")

    assert "cutover.recall-port" in left_out.at("slot start").ordered


def test_a_sim_that_came_after_the_slot_is_not_set_up_again(recalled: Spec) -> None:
    recalled.hear("dispatch.kit-lost", after="+1 hour").at("+3 days")

    recalled.at("slot end + 1 hour").hear("dispatch.handed-over").at("+3 hours")

    assert recalled.line.kit.handed is not None
    assert recalled.line.sims[recalled.line.kit.handed].reset_at is None
