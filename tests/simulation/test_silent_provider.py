"""The drill of deploy/runbooks/breaker-open.md: a provider takes orders, is silent two days, then tells all twice."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from events.base import SubjectId
from events.messages import SendMessage
from events.outcomes import Owner, TaskKind
from events.registry import AnyFact
from orchestrator.decision import Decision
from tests.simulation.in_process import Programme
from tests.simulation.law import Law
from tests.simulation.wishes import Wishes

EMPLOYEES = 200


class Chases:
    """Writes down the tasks to chase a silent party."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    def look_on(self, _programme: Programme, _subject: SubjectId, _fact: AnyFact, decision: Decision) -> None:
        messages = (command for command in decision.commands if isinstance(command, SendMessage))
        self.keys += [message.key for message in messages if message.details.get("kind") == TaskKind.CHASE_PARTY]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Programme, Law, Chases]:
    """The porting desk falls silent in the middle of the cut-overs."""
    law, chases = Law(), Chases()
    programme = Programme(
        tmp_path_factory.mktemp("silent"), Wishes(employees=EMPLOYEES), meddle=[law.look_on, chases.look_on]
    )
    first = min(slot.start for wave in programme.plan.waves for slot in wave.slots)
    begins = first + timedelta(days=7)
    programme.io.hush = (begins, begins + timedelta(days=2))
    asyncio.run(programme.run())
    return programme, law, chases


def test_nobody_is_unreachable_by_our_doing_and_nothing_is_done_twice(run: tuple[Programme, Law, Chases]) -> None:
    programme, law, _ = run

    assert programme.gaps().gap_minutes[Owner.OURS] == 0
    assert sum(programme.world.counts()["done_twice"].values()) == 0
    assert law.broken == []


def test_every_line_comes_to_its_end(run: tuple[Programme, Law, Chases]) -> None:
    programme, _, _ = run

    assert programme.unfinished() == []


def test_the_silence_is_one_task_and_not_two_hundred(run: tuple[Programme, Law, Chases]) -> None:
    _, _, chases = run

    assert len(chases.keys) == 1
