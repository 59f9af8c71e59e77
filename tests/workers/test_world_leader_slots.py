"""The project leader of the simulated world gives a wave more slots, from when they are of use to the line."""

from __future__ import annotations

from datetime import timedelta

from events.base import SubjectId
from events.messages import Template
from events.outcomes import TaskKind
from events.planning import SlotsAdded
from events.registry import AnyFact
from tests.workers.small_world import MONDAY, Story
from workers.imports.roster import Absence
from workers.providers.reports import Spoken

WAVE = SubjectId("W-07")
BACK = MONDAY + timedelta(days=60)


def told(story: Story) -> list[tuple[SubjectId, AnyFact]]:
    story.line = story.line._replace(wave=WAVE)
    story.gets(Template.TASK, task=f"{story.line.line}/{TaskKind.PLAN_SLOTS}/1")
    story.waits(days=5)
    return [(each.subject, each.fact) for each in story.said if isinstance(each, Spoken)]


def test_the_wave_is_told_and_not_the_line() -> None:
    ((subject, fact),) = told(Story())

    assert subject == WAVE
    assert isinstance(fact, SlotsAdded)
    assert fact.slots[0].start >= MONDAY + timedelta(days=4)
    assert len(fact.batches) * 4 == len(fact.slots)


def test_whoever_is_away_gets_slots_after_coming_back() -> None:
    absence = Absence(employee=SubjectId("E-0001"), announced=MONDAY, since=MONDAY, until=BACK)
    ((_, fact),) = told(Story(absence=absence))

    assert isinstance(fact, SlotsAdded)
    assert fact.slots[0].start > BACK
