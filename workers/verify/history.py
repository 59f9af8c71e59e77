"""A history of the check as a file: what went otherwise in which step. `naadloos scenario FILE` plays it again."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Annotated, NamedTuple, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from workers.runtime.language import _
from workers.runtime.nearest import nearest
from workers.runtime.unable import UnableToUnderstandError
from workers.verify.deviating import deviations
from workers.verify.judging import HORIZON, Broken, Judge
from workers.verify.model import STARTS
from workers.verify.models import PLAYED
from workers.verify.searching import Found, Turned
from workers.verify.situation import Situation
from workers.verify.stepping import Deviation, Stepped, Stepper, Turn
from workers.verify.telling import story

TURNS = {turn.name.lower(): turn for turn in Turn}


def _one_of(names: Collection[str]) -> AfterValidator:
    """Of a word that has to be one of these."""

    def known(name: str) -> str:
        if name not in names:
            raise ValueError(nearest(name, names))
        return name

    return AfterValidator(known)


class Otherwise(BaseModel):
    """One thing that goes otherwise in one step; `what`, `number`, `way` and `minutes` as a deviation has them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: int = Field(ge=0)
    turn: Annotated[str, _one_of(TURNS)]
    what: str = ""
    number: int = 0
    way: int = 1
    minutes: int = 0

    @classmethod
    def of(cls, turned: Turned) -> Self:
        """This turn of a history."""
        step, deviation = turned
        minutes = int(deviation.span.total_seconds() // 60)
        turn, number, way = deviation.turn.name.lower(), deviation.number, deviation.way
        return cls(step=step, turn=turn, what=deviation.what, number=number, way=way, minutes=minutes)

    @property
    def deviation(self) -> Deviation:
        """What goes otherwise."""
        return Deviation(TURNS[self.turn], self.number, self.way, timedelta(minutes=self.minutes), self.what)


class History(BaseModel):
    """A history: its system, and all that goes otherwise in it. What is usual follows by itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    history: str
    """What it showed, in a sentence."""
    system: Annotated[str, _one_of(PLAYED)]
    otherwise: tuple[Otherwise, ...] = ()

    @classmethod
    def of(cls, system: str, found: Found) -> Self:
        """The history that shows this."""
        told = f"{found.fault.rule}: {found.fault.what}"
        return cls(history=told, system=system, otherwise=tuple(map(Otherwise.of, found.path)))

    def written(self) -> str:
        """As YAML."""
        text = StringIO()
        told = self.model_dump(exclude_defaults=True, mode="json")
        YAML(typ="safe", pure=True).dump({**told, "otherwise": told.get("otherwise", [])}, text)
        return text.getvalue()


class Played(NamedTuple):
    """A history played again: the promises that it breaks, none if all is well, and the story up to there."""

    broken: tuple[Broken, ...]
    story: tuple[str, ...]


def read_history(path: Path) -> History | None:
    """The history in this file; None where it is none, but may be a story. Raises `UnableToUnderstandError`."""
    try:
        top = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError):
        return None  # whoever reads stories says what is wrong with it, and in which line
    if not isinstance(top, Mapping) or "system" not in top:
        return None
    try:
        return History.model_validate(top)
    except ValidationError as error:
        first = error.errors()[0]
        where, why = ".".join(map(str, first["loc"])), first["msg"].removeprefix("Value error, ")
        text = _("Not played: {file} is no history of the check: {where}: {why}. Nothing was done.")
        raise UnableToUnderstandError(text.format(file=path.name, where=where, why=why) + "\n" + _how_made()) from None


def _how_made() -> str:
    return _("One is made where a promise is broken:  naadloos verify --histories FOLDER")


def play_again(history: History) -> Played:
    """Every step of it, judged. Raises `UnableToUnderstandError` where what goes otherwise cannot any more."""
    model = PLAYED[history.system]
    stepper, judge, situation = Stepper(model), Judge(model), model.begins()
    while situation.queue:
        situation, _faults = judge.judge(situation, _must(stepper.step(situation)))
    turns = {one.step: one for one in history.otherwise}
    path = tuple(Turned(one.step, one.deviation) for one in history.otherwise)
    number = 0
    while situation.now <= STARTS + HORIZON:
        usual = stepper.step(situation)
        stepped = _turned(stepper, situation, usual, turns[number]) if number in turns else usual
        if stepped is None:
            break
        situation, faults = judge.judge(situation, stepped)
        number += 1
        if faults:
            return Played(faults, tuple(story(model, path, number)))
    ended = judge.ended(situation)
    return Played(ended, tuple(story(model, path, number)) if ended else ())


def _turned(stepper: Stepper, situation: Situation, usual: Stepped | None, one: Otherwise) -> Stepped:
    if one.deviation not in set(deviations(stepper.model, situation, usual)):
        text = _("Not played to its end: in step {step} this cannot go otherwise any more: {turn} {what}.")
        raise UnableToUnderstandError(
            text.format(step=one.step, turn=one.turn, what=one.what).replace(" .", ".") + "\n" + _how_made()
        )
    return _must(stepper.step(situation, one.deviation))


def _must(stepped: Stepped | None) -> Stepped:
    assert stepped is not None, "a step that something goes otherwise in was there to be taken"
    return stepped
