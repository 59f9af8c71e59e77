"""Whether anything misses a guard that is taken out: the histories within its bound, or the story that is named."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from workers.scenario.playing import play
from workers.scenario.reading import read_story
from workers.scenario.shipped import STORIES
from workers.scenario.stage import UnableToSettleError
from workers.verify.abreast import side_by_side
from workers.verify.guards import GUARDS, Guard
from workers.verify.models import MODELS
from workers.verify.searching import Found, searched
from workers.verify.telling import sentence, story
from workers.verify.without import standing


class Missed(NamedTuple):
    """How a guard was missed; by nothing, where `by` is empty."""

    guard: str
    by: str = ""
    """The rule that a history broke, or the story that went otherwise."""
    what: str = ""
    otherwise: tuple[str, ...] = ()
    """What went otherwise than usual in the history."""
    steps: int = 0
    story: tuple[str, ...] = ()


def missed(name: str) -> Missed:
    """What misses this guard, tried in this process."""
    guard = GUARDS[name]
    with standing(guard.out):
        return _by_story(name, guard) if guard.story else _by_history(name, guard)


def _by_history(name: str, guard: Guard) -> Missed:
    model = MODELS[guard.system]
    found = searched(model, guard.k, kinds=guard.kinds).found
    if not found:
        return Missed(name)
    first = min(found.values(), key=_length)
    otherwise = tuple(sentence(turned.deviation) for turned in first.path)
    told = tuple(story(model, first.path, first.steps))
    return Missed(name, first.fault.rule, first.fault.what, otherwise, first.steps, told)


def _length(found: Found) -> tuple[int, int]:
    return len(found.path), found.steps


def _by_story(name: str, guard: Guard) -> Missed:
    try:
        parts = list(play(read_story(STORIES / f"{guard.story}.yaml")))
    except UnableToSettleError as loop:
        return Missed(name, guard.story, str(loop))
    wrong = [f"{verdict.what}: {verdict.matter}" for part in parts for verdict in part.verdicts if verdict.matter]
    return Missed(name, guard.story, wrong[0], steps=len(parts)) if wrong else Missed(name)


def all_missed(
    names: Iterable[str], *, workers: int | None = None, tell: Callable[[float], None] = lambda _: None
) -> list[Missed]:
    """What misses each of these guards, in their order; tried on so many processes (all cores, unless it is said)."""
    return side_by_side(missed, list(names), processes=workers, tell=tell)
