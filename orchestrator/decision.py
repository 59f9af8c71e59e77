"""What a decision is: why, what is now true, what is ordered, who is told, and when to look again."""

from datetime import datetime
from typing import NamedTuple

from events.base import LineId, SubjectId
from events.outcomes import Outcome
from events.registry import AnyCommand, AnyFact
from orchestrator.reasons import Reason


class Because(NamedTuple):
    """Why a line, or a whole subject, is where it is, since when, and until when at the latest."""

    reason: Reason
    line: LineId | None = None
    since: datetime | None = None
    until: datetime | None = None


class Tell(NamedTuple):
    """A fact said to another subject, in that subject's inbox."""

    to: SubjectId
    fact: AnyFact


class Decision(NamedTuple):
    """The answer to one message. Nothing to do is an answer, with its reason, like any other."""

    because: tuple[Because, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    commands: tuple[AnyCommand, ...] = ()
    tells: tuple[Tell, ...] = ()
    look_again_at: datetime | None = None
