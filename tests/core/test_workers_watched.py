"""A command that no worker answers, and a message that nobody can read: ops are told, and nothing waits for ever."""

from __future__ import annotations

import pytest

from events.base import LetterId
from orchestrator.record import with_
from tests.core.spec import HOLDER, given


@pytest.mark.parametrize("command", ["dispatch.ship-kit", "porting.request", "messages.send"])
def test_ops_are_told_of_a_command_without_an_answer(command: str) -> None:
    line = given("planned").without(command).at("+10 days")

    assert "chase-worker" in line.tasks


def test_nobody_is_told_while_workers_answer() -> None:
    assert "chase-worker" not in given("accepted").at("+10 days").tasks


def test_the_task_is_over_with_the_answer() -> None:
    line = given("planned").without("porting.request").at("+10 days")

    assert "chase-worker" not in line.hear("porting.submitted").tasks


def test_ops_are_told_of_a_message_that_could_not_be_read() -> None:
    line = given("accepted")
    line.stage.states[HOLDER] = with_(line.holder, letters=frozenset({LetterId("inbox/0/7")}))

    assert "unread-message" in line.hear("enrolment.absence-ended").tasks
