"""Who does which task in the simulated world, how often, and under which policy."""

import pytest

from events.control import TaskDone
from events.cutover import EndApproved, SecondMediumProved
from events.enrolment import LeaverSettled, MandateFiled
from events.messages import Template
from events.outcomes import TaskKind
from events.porting import DataCorrected
from tests.workers.small_world import Story
from workers.world.leader import DUTIES


@pytest.mark.parametrize(
    ("kind", "fact"),
    [
        (TaskKind.CORRECT_DATA, DataCorrected),
        (TaskKind.FILE_MANDATE, MandateFiled),
        (TaskKind.SETTLE_LEAVER, LeaverSettled),
        (TaskKind.SECOND_MEDIUM, SecondMediumProved),
        (TaskKind.APPROVE_END, EndApproved),
        (TaskKind.INCIDENT, TaskDone),
        (TaskKind.MISSED_SLOTS, TaskDone),
    ],
)
def test_a_task_is_answered_by_the_stated_policy(kind: TaskKind, fact: type) -> None:
    assert Story().asks(kind).spoken(fact)


def test_a_task_that_nobody_knows_is_left_alone() -> None:
    story = Story()
    story.gets(Template.TASK, task="")
    story.gets(Template.TASK, task="E-0001-1/no-such-kind/1")

    assert not story.waits(days=5).said


def test_a_task_told_twice_is_done_once() -> None:
    story = Story()
    story.gets(Template.TASK, task=f"{story.line.line}/incident/1")

    assert len(story.asks(TaskKind.INCIDENT).spoken(TaskDone)) == 1


def test_under_the_policy_none_nobody_does_a_task() -> None:
    story = Story(policy="none")
    for kind in TaskKind:
        story.asks(kind)

    assert not story.said


def test_every_kind_of_task_has_somebody_who_does_it() -> None:
    assert set(DUTIES) == set(TaskKind)
