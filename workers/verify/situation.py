"""Where an explored history stands: what is known, what is true, and what is on its way between the two."""

from collections.abc import Iterable
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple

from events.base import SubjectId
from events.registry import AnyCommand, AnyFact
from orchestrator.subjects import State
from workers.world.line import LineWorld, TruthLine


class Origin(IntEnum):
    """Who said something, which settles what may happen to it on its way."""

    REPORT = 1  # a call-back or feed of the world
    ANSWER = 2  # an effect worker's answer to a command
    TELL = 3  # one subject's word to another
    CLOCK = 4  # a time that has come
    PERSON = 5  # what a person of the organisation says or scans, by mail or with a bad signal
    OPERATOR = 6  # an order typed at the programme, which has it when the command ends
    COMMAND = 7


class Mail(NamedTuple):
    """A fact on its way to a subject's inbox, or a command on its way to an effect worker."""

    to: SubjectId
    said: AnyFact | AnyCommand
    at: datetime
    origin: Origin
    doubtful: bool = False
    """Of a command: an effect worker took it up before, and died over it."""


class Later(NamedTuple):
    """What is held up, and until when."""

    due: datetime
    mail: Mail


def soonest_first(held: Iterable[Later]) -> tuple[Later, ...]:
    """What is held up, by when it comes; of two that come together the one first that was held up first."""
    return tuple(sorted(held, key=lambda each: each.due))


class Situation(NamedTuple):
    """One state of the explored system. Times in UTC; subjects and lines stand in the model's order."""

    now: datetime
    states: tuple[State, ...]
    looks: tuple[datetime | None, ...]
    worlds: tuple[LineWorld, ...]
    tails: tuple[tuple[TruthLine, ...], ...]
    """Per line what answered of late, as far back as it takes to say whose a gap is."""
    queue: tuple[Mail, ...] = ()
    later: tuple[Later, ...] = ()
    still: int = 0
    """Steps since time last passed."""
