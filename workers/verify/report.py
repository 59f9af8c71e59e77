"""What a check came to, as JSON: per model what was explored, within which bounds, and what was found."""

from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel, ConfigDict

from workers.runtime.fingerprint import fingerprint
from workers.verify.abreast import Searched
from workers.verify.missing import Missed
from workers.verify.models import MODELS
from workers.verify.searching import Found
from workers.verify.telling import sentence, story


class Frozen(BaseModel):
    """A part of the report."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Violation(Frozen):
    """A property that does not hold, and the shortest history that shows it."""

    rule: str
    line: str
    what: str
    steps: int
    otherwise: tuple[str, ...]
    """What went otherwise than usual in it."""
    story: tuple[str, ...]


class Explored(Frozen):
    """One model."""

    model: str
    people: int
    faults: int
    """k: how many things may go otherwise in one history."""
    states: int
    """Situations in which nothing is on its way."""
    transitions: int
    """Steps between them."""
    depth: int
    """Steps of the longest history."""
    exhausted: bool
    violations: tuple[Violation, ...]
    seconds: float
    like: str = ""
    """The system that was gone through for this one as well (docs/adr/0020); empty where it was gone through itself."""

    @classmethod
    def alike(cls, name: str, other: "Explored") -> Self:
        """The report on a system in which all goes as in the other: nothing was gone through for it."""
        told = {"model": name, "people": len(MODELS[name].lines), "states": 0, "transitions": 0, "seconds": 0.0}
        return cls.model_validate({**other.model_dump(), **told, "violations": (), "like": other.model})

    @classmethod
    def of(cls, searched: Searched) -> Self:
        """The report on this search."""
        model, tally = MODELS[searched.model], searched.tally
        return cls(
            model=model.name,
            people=len(model.lines),
            faults=searched.k,
            states=tally.states,
            transitions=tally.transitions,
            depth=tally.depth,
            exhausted=True,  # a search that is not is never reported: it ends with an error
            violations=tuple(_violation(searched.model, found) for found in tally.found.values()),
            seconds=round(searched.seconds, 1),
        )


class VerifyReport(Frozen):
    """A whole check."""

    models: tuple[Explored, ...]
    states: int
    violations: int
    seconds: float
    states_per_second: float
    steps_per_second: float
    without: str
    """The guard that was taken out for it; empty where none was, as a proof needs it."""
    code: str
    """The fingerprint of the code that was checked."""

    @classmethod
    def of(cls, explored: Iterable[Explored], *, without: str = "") -> Self:
        """The sum of these."""
        models = tuple(explored)
        states, seconds = sum(one.states for one in models), sum(one.seconds for one in models)
        steps = sum(one.transitions for one in models)
        return cls(
            models=models,
            states=states,
            violations=sum(len(one.violations) for one in models),
            seconds=round(seconds, 1),
            states_per_second=round(states / seconds) if seconds else 0,
            steps_per_second=round(steps / seconds) if seconds else 0,
            without=without,
            code=fingerprint(),
        )


def _violation(model: str, found: Found) -> Violation:
    return Violation(
        rule=found.fault.rule,
        line=found.fault.line,
        what=found.fault.what,
        steps=found.steps,
        otherwise=tuple(sentence(turned.deviation) for turned in found.path),
        story=tuple(story(MODELS[model], found.path, found.steps)),
    )


class MissedGuard(Frozen):
    """A guard that was taken out, and what missed it."""

    guard: str
    by: str
    """The rule that a history broke, or the story that went otherwise; empty where nothing misses it."""
    what: str
    otherwise: tuple[str, ...]
    steps: int
    story: tuple[str, ...]


class GuardsReport(Frozen):
    """All guards, each taken out in its turn."""

    guards: tuple[MissedGuard, ...]
    survivors: tuple[str, ...]
    seconds: float
    code: str

    @classmethod
    def of(cls, missed: Iterable[Missed], seconds: float) -> Self:
        """The report on these."""
        guards = tuple(MissedGuard(**one._asdict()) for one in missed)
        survivors = tuple(one.guard for one in guards if not one.by)
        return cls(guards=guards, survivors=survivors, seconds=round(seconds, 1), code=fingerprint())
