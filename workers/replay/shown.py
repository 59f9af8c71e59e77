"""What a what-if shows of decisions: commands, reasons and outcomes in few words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from pydantic import BaseModel, ConfigDict

from events.base import LineId, type_of
from events.outcomes import IncidentClosed, IncidentOpened, LineDone, LineEnded, Outcome, TaskClosed, TaskOpened
from events.registry import AnyCommand
from orchestrator.decision import Because, Tell
from workers.runtime.type_names import short


class Part(BaseModel):
    """A part of a what-if, as it is saved and shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Effect(Part):
    """A command that would be ordered."""

    key: str
    type: str
    line: LineId


def effect(command: AnyCommand) -> Effect:
    """The command as a what-if names it."""
    return Effect(key=command.key, type=type_of(type(command)), line=command.line)


def said_of(because: Iterable[Because]) -> tuple[str, ...]:
    """Reasons in few words: of which line, and which."""
    return tuple(f"{one.line or ''} {one.reason}".strip() for one in because)


def outcome_said(outcome: Outcome) -> str:
    """An outcome in few words: of which line, what it is, and what about."""
    kind = short(outcome.type).removeprefix("outcomes.")
    return f"{outcome.line} {kind} {_about(outcome)}".strip()


def told_said(tell: Tell) -> str:
    """A fact said to another subject in few words: to whom, and which."""
    return f"{tell.to} {short(tell.fact.type)}"


def _about(outcome: Outcome) -> str:
    match outcome:
        case TaskOpened() | TaskClosed():
            return outcome.task
        case IncidentOpened() | IncidentClosed():
            return outcome.kind
        case LineEnded():
            return outcome.reason
        case LineDone():
            return ""
        case _:
            assert_never(outcome)
