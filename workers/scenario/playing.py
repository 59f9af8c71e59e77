"""A story played: what is given is said, the lines are brought as far as they should be, then step by step."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from events.base import LineId, subject_of
from events.registry import AnyCommand, AnyFact
from workers.runtime.language import _
from workers.scenario import moments
from workers.scenario.beginning import begin
from workers.scenario.filling import Filling
from workers.scenario.others import StoryOthers
from workers.scenario.page import UnableToReadStoryError
from workers.scenario.questions import QUESTIONS, View
from workers.scenario.reading import as_told
from workers.scenario.stage import Heard, Stage
from workers.scenario.story import Expected, Step, Story, Ways
from workers.scenario.watching import Breach, Watcher


@dataclass(frozen=True)
class Verdict:
    """One thing that was expected: what, in which line of the file, and what is the matter (empty when it is so)."""

    what: str
    place: int
    matter: str


@dataclass(frozen=True)
class Played:
    """One step as it was played: when, what happened since the step before, and the verdicts."""

    at: str
    step: Step | None
    happened: tuple[Heard, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def ok(self) -> bool:
        """Whether all is as expected."""
        return not any(verdict.matter for verdict in self.verdicts)


def play(story: Story) -> Iterator[Played]:
    """Play the story; the first part is what is given. Raises `UnableToReadStoryError` where it cannot be played."""
    filling, watcher = Filling(story), Watcher(story)
    others = StoryOthers(story.given.lines, lambda command, wanted: _answer(filling, stage, command, wanted))
    stage = Stage(terms=story.given.terms, now=story.given.begins, others=others, watch=watcher)
    begin(story, stage, others)
    watcher.story_begins()
    yield Played(moments.shown(stage.now), None, tuple(stage.history), tuple(_invariants(watcher.new())))
    others.acts = dict.fromkeys(others.given, frozenset())
    _behave(others, story.ways)
    for step in story.steps:
        yield _step(step, stage, filling, others, watcher)


def _answer(filling: Filling, stage: Stage, command: AnyCommand, wanted: object) -> Iterable[AnyFact]:
    """The answer that the story has for this command; it was checked when the story was read."""
    return [filling.fact(told, stage, command=command) for told in as_told(wanted)]


def _behave(others: StoryOthers, ways: Ways) -> None:
    others.answers |= ways.answers
    if ways.acts is not None:
        others.acts = dict.fromkeys(others.given, ways.acts)


def _step(step: Step, stage: Stage, filling: Filling, others: StoryOthers, watcher: Watcher) -> Played:
    began = len(stage.history)
    _behave(others, step.ways)
    if step.at is not None:
        stage.advance(_when(filling, step.at, step.place, stage))
    for told in step.hear:
        true_at = _when(filling, told.true_at, told.place, stage) if told.true_at else None
        stage.say(filling.subject_of(told), filling.fact(told, stage), true_at=true_at)
    since = tuple(stage.history[began:])
    verdicts = [v for expected in step.then for v in _judge(expected, step, stage, filling, since)]
    return Played(moments.shown(stage.now), step, since, (*verdicts, *_invariants(watcher.new())))


def _when(filling: Filling, text: str, place: int, stage: Stage) -> datetime:
    slot = stage.line(filling.story.given.lines[0].id).plan.slot
    try:
        return moments.moment(text, now=stage.now, slot=slot, terms=stage.terms)
    except moments.UnableToReadMomentError:
        wrong = _("'{text}' cannot be said here: no line has a slot; expected {what}")
        told = wrong.format(text=text, what=_(moments.EXPECTED))
        raise UnableToReadStoryError(filling.story.path, [(place, told)]) from None


def _judge(
    expected: Expected, step: Step, stage: Stage, filling: Filling, since: tuple[Heard, ...]
) -> Iterator[Verdict]:
    line = expected.line
    if line is None and expected.subject is None:
        line = filling.line_of(step.hear[0]) if step.hear else filling.story.given.lines[0].id
    subject = expected.subject or subject_of(LineId(str(line)))
    view = View(stage, since, subject, line)
    whose = "" if line == filling.story.given.lines[0].id else f"{line or subject}: "
    for key, value in expected.what.items():
        said = ", ".join(_said(item) for item in listed_items(value))
        yield Verdict(f"{whose}{key}: {said}", expected.places[key], QUESTIONS[key](view, value))


def listed_items(value: Any) -> list[Any]:  # noqa: ANN401 - as the story has it
    """The items of a list, or the pairs of a mapping."""
    if isinstance(value, Mapping):
        return list(value.items())
    return list(value) if isinstance(value, list | tuple) else [value]


def _said(item: object) -> str:
    if isinstance(item, Mapping):
        return ", ".join(f"{name} {dict(fields) if fields else ''}".strip() for name, fields in item.items())
    return _(" for ").join(str(part) for part in item) if isinstance(item, tuple) else str(item)


def _invariants(breaches: list[Breach]) -> list[Verdict]:
    return [Verdict(_("never"), breach.place, breach.what) for breach in breaches]
