"""A story's file, read: every word checked, every mistake told with its line before anything is played."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from events.base import LineId, SubjectId
from events.outcomes import IncidentKind, TaskKind
from orchestrator.reasons import Reason
from workers.runtime.language import _
from workers.runtime.nearest import nearest
from workers.runtime.type_names import COMMANDS, FACTS
from workers.scenario import moments
from workers.scenario.expecting import EXPECTATIONS, check_words
from workers.scenario.given import read_given
from workers.scenario.page import Page, line_at
from workers.scenario.story import Act, Expected, Never, Step, Story, Told, Ways

KEYS: Final = ("title", "source", "given", "answers", "acts", "steps", "never", "allow")
STEP_KEYS: Final = ("at", "hear", "then", "answers", "acts", "note")
META: Final = ("line", "subject", "true at")
ALLOWABLE: Final = ("unreachable",)
TEST_WORDS: Final = ("handset", "forward", "voicemail", "other", "nobody")
EXTRA_FIELDS: Final = ("to",)
"""What may be said of an answer beside its fields: which command it answers."""


def read_story(path: Path) -> Story:
    """The story in this file. Raises `UnableToReadStoryError`, which names every mistake with its line."""
    page = Page(path)
    top = page.top()
    told = page.mapping(top, 1, KEYS, _("a story"))
    for key in ("title", "steps"):
        if not told.get(key):
            page.wrong(1, _("expected {what}").format(what=f"'{key}:'"))
    story = Story(
        path=path,
        title=str(told.get("title", "")),
        source=str(told.get("source", "")),
        given=read_given(page, told.get("given"), line_at(top, "given")),
        ways=_ways(page, told),
        steps=tuple(_step(page, item, where or line_at(top, "steps")) for item, where in page.items(told.get("steps"))),
        never=tuple(n for item, where in page.items(told.get("never")) for n in _never(page, item, where, top)),
        allowed=_allowed(page, told),
    )
    _known_lines(page, story)
    page.done()
    return story


def _known_lines(page: Page, story: Story) -> None:
    """Every line that a step speaks of is given."""
    known = [str(line.id) for line in story.given.lines]
    named = [(told.line, told.place) for step in story.steps for told in step.hear]
    named += [(one.line, min(one.places.values(), default=step.place)) for step in story.steps for one in step.then]
    for line, place in named:
        if line is not None and line not in known:
            page.no_such(place, line, _("line of this story"), known)


def _allowed(page: Page, told: Mapping[str, Any]) -> frozenset[str]:
    for item, where in page.items(told.get("allow")):
        if item not in ALLOWABLE:
            cannot = _("'{value}' cannot be allowed; {nearest}")
            place = where or line_at(told, "allow")
            page.wrong(place, cannot.format(value=item, nearest=nearest(item, ALLOWABLE)))
    return frozenset(str(item) for item, _place in page.items(told.get("allow")))


def _ways(page: Page, told: Mapping[str, Any]) -> Ways:
    answers = told.get("answers")
    place = line_at(told, "answers")
    expected = _("answers (a command's name: an answer)")
    for name, answer in page.mapping(answers, place, COMMANDS, expected).items():
        _answer(page, name, answer, line_at(answers, name))
    acts = None
    if "acts" in told:
        place = line_at(told, "acts")
        words = [page.word(item, where or place, Act, _("act")) for item, where in page.items(told["acts"])]
        acts = frozenset(word for word in words if word)
    return Ways(dict(answers) if isinstance(answers, Mapping) else {}, acts)


def _answer(page: Page, command: str, answer: object, line: int) -> None:
    """An answer is 'nothing', 'helpful', the leg that answers a test, or a fact."""
    words = {"nothing", "helpful", *(TEST_WORDS if command == "cutover.test-reachability" else ())}
    if isinstance(answer, str) and answer in words:
        return
    for item, where in page.items(answer):
        _told(page, item, where or line, answering=True)


def _step(page: Page, item: object, place: int) -> Step:
    told = page.mapping(item, place, STEP_KEYS, _("a step"))
    at = told.get("at")
    if at is not None and not moments.readable(at):
        page.no_time(line_at(item, "at"), at)
    hear = line_at(item, "hear")
    then = line_at(item, "then")
    return Step(
        place=place,
        at=None if at is None else str(at),
        hear=tuple(t for fact, where in page.items(told.get("hear")) if (t := _told(page, fact, where or hear))),
        then=tuple(_expected(page, one, where or then) for one, where in page.items(told.get("then"))),
        ways=_ways(page, told),
        note=str(told.get("note", "")),
    )


def _told(page: Page, item: object, place: int, *, answering: bool = False) -> Told | None:
    """A fact's short name, alone or with its fields."""
    name, said, line = _named(item, place)
    if name not in FACTS:
        page.no_such(line, name, _("fact"), FACTS)
        return None
    kind = FACTS[name]
    known = [field for field in kind.model_fields if field not in {"type", "line"}]
    fields = page.mapping(said, line, (*known, *META, *EXTRA_FIELDS), name)
    when = fields.get("true at")
    if when is not None and not moments.readable(when):
        page.no_time(line, when)
    if answering and "line" in fields:
        page.wrong(line, _("an answer is about the line of its command; expected no 'line' here"))
    return Told(
        name=name,
        place=line,
        fields={key: value for key, value in fields.items() if key not in META},
        line=LineId(str(fields["line"])) if "line" in fields else None,
        subject=SubjectId(str(fields["subject"])) if "subject" in fields else None,
        true_at=None if when is None else str(when),
    )


def _named(item: object, place: int) -> tuple[str, object, int]:
    """A name alone, or `name: {…}`."""
    if isinstance(item, Mapping) and len(item) == 1:
        name = next(iter(item))
        return str(name), item[name], line_at(item, name)
    return str(item), None, place


def _expected(page: Page, item: object, place: int) -> Expected:
    told = page.mapping(item, place, (*EXPECTATIONS, "line", "subject"), _("what is expected"))
    what = {key: value for key, value in told.items() if key in EXPECTATIONS}
    places = {key: line_at(item, key) for key in what}
    for key, value in what.items():
        check_words(page, key, value, places[key])
    return Expected(
        what=what,
        places=places,
        line=LineId(str(told["line"])) if "line" in told else None,
        subject=SubjectId(str(told["subject"])) if "subject" in told else None,
    )


def _never(page: Page, item: object, where: int | None, top: Mapping[str, Any]) -> list[Never]:
    name, said, line = _named(item, where or line_at(top, "never"))
    fields = said if isinstance(said, Mapping) else {}
    if name in COMMANDS:
        page.mapping(said, line, COMMANDS[name].model_fields, name)
        return [Never("command", name, fields, line)]
    if name in set(Reason):
        return [Never("reason", name, {}, line)]
    if name in set(TaskKind):
        return [Never("task", name, {}, line)]
    if name in set(IncidentKind):
        return [Never("incident", name, {}, line)]
    known = (*COMMANDS, *Reason, *TaskKind, *IncidentKind)
    page.no_such(line, name, _("command, reason, task or incident"), known)
    return []


def as_told(value: object) -> list[Told]:
    """The facts of an answer, which were checked when the story was read."""
    page = Page(Path())
    told = [_told(page, item, where or 0) for item, where in page.items(value)]
    return [one for one in told if one is not None]
