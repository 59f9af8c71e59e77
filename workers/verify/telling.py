"""A history told as a story: what was heard, ordered and true, and where it left the usual way."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final, assert_never

from events.base import Command
from workers.runtime.type_names import name_of
from workers.verify.model import Model
from workers.verify.searching import Path
from workers.verify.stepping import Deviation, Stepped, Stepper, Turn
from workers.views.heard import told
from workers.world.line import TruthLine

HOUR: Final = 60
TOLD_FROM: Final = 12
"""Steps before the first turn that are told: how it stood."""


def story(model: Model, path: Path, steps: int) -> list[str]:
    """The history in lines, each with its time, from shortly before it first left the usual way to its last step."""
    stepper, situation = Stepper(model), model.begins()
    while situation.queue:
        stepped = stepper.step(situation)
        assert stepped is not None
        situation = stepped.situation
    turns = dict(path)
    lines: list[list[str]] = []
    for number in range(steps):
        deviation = turns.get(number)
        stepped = stepper.step(situation, deviation)
        if stepped is None:
            break
        stamp = f"{stepped.situation.now:%a %d %b %H:%M}  "
        lines.append([stamp + text for text in (*_turned(deviation), *_happened(stepped, deviation))])
        situation = stepped.situation
    first = max(0, min(turns, default=0) - TOLD_FROM)
    return [line for step in lines[first:] for line in step]


def _happened(stepped: Stepped, deviation: Deviation | None) -> Iterator[str]:
    mail, taken = stepped.mail, deviation is None or deviation.turn not in {Turn.LOST, Turn.LATE}
    if mail is not None and taken:
        if isinstance(mail.said, Command):
            yield f"{mail.said.line}: carried out: {name_of(mail.said)}"
        else:
            yield f"{mail.to}: {told(mail.said)}"
    if stepped.decision is not None:
        yield from (f"  ordered: {name_of(command)} ({command.key})" for command in stepped.decision.commands)
    for _place, true in stepped.truth:
        if isinstance(true, TruthLine):
            yield f"  in truth: {true.ways.answers} answers, since {true.ways.why}"


def _turned(deviation: Deviation | None) -> Iterator[str]:
    if deviation is not None:
        yield f"* otherwise than usual: {sentence(deviation)}"


def sentence(deviation: Deviation) -> str:
    """What goes otherwise, in words."""
    match deviation.turn:
        case Turn.DRAW:
            return f"in the world, {deviation.what} comes out otherwise"
        case Turn.LOST:
            return "this never comes"
        case Turn.LATE:
            return f"this comes {_long(deviation.span)} later"
        case Turn.TWICE:
            return f"this comes now, and once more {_long(deviation.span)} later"
        case Turn.UNHEARD:
            return "the counterpart is not reached, and nobody knows"
        case Turn.UNANSWERED:
            return "the counterpart acts, and its answer is lost"
        case Turn.DIED:
            return f"the worker acts and dies; another takes the command up {_long(deviation.span)} later"
        case Turn.BEFALLS:
            return deviation.what
        case _:
            assert_never(deviation.turn)


def _long(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return f"{minutes} minutes" if minutes < HOUR else f"{minutes // HOUR} hours"
