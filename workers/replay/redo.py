"""What would come of taking up a subject's dead letters now: decided in a sandbox by today's code, with no effect.

The sandbox is a fold of that one subject as it is known now. It hears what the letters said, as far as today's code
can read them, and then that they were redriven, just as a decider would; what it orders goes nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Final, assert_never

from pydantic import BaseModel, ConfigDict

from events.base import Account, LetterId, LineId, SubjectId, type_of
from events.codec import UnableToReadError, UnreadReason, decode_command, decode_fact, encode
from events.control import LettersRedriven
from events.envelope import Said
from events.outcomes import IncidentClosed, IncidentOpened, LineDone, LineEnded, Outcome, TaskClosed, TaskOpened
from events.registry import AnyCommand, AnyFact
from orchestrator.decision import Because
from workers.journal.fold import Fold, mark
from workers.journal.letters import Letter
from workers.journal.record import Entry
from workers.runtime.letters import Found
from workers.runtime.type_names import short

SOURCE: Final = "/naadloos/replay"
GONE: Final = "gone"
"""The record is not where the letter says: the topic was made anew, or somebody made the letter up."""
HEARD_ALREADY: Final = frozenset({UnreadReason.DECISION_RAISED, UnreadReason.EFFECT_RAISED})
"""Letters whose record was heard, or answered, when it came: there is nothing to say again, only to decide anew."""


class Part(BaseModel):
    """A part of a what-if, as it is saved and shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Effect(Part):
    """A command that would be ordered."""

    key: str
    type: str
    line: LineId


class Redo(Part):
    """One subject: its letters, which of them today's code mends, and what would follow."""

    subject: SubjectId
    mended: tuple[LetterId, ...] = ()
    failing: dict[LetterId, str] = {}
    """Letters that today's code cannot read or decide on either, with the reason."""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    """Why the subject's lines are where they are, now and then: `line reason`, in order."""
    effects: tuple[Effect, ...] = ()
    outcomes: tuple[str, ...] = ()
    """What would become true by deciding: tasks opened and closed, incidents, lines done."""

    @property
    def changes(self) -> bool:
        """Whether there is something to take up: a letter that is mended, or, where none is open, a new decision."""
        if self.mended or self.failing:
            return bool(self.mended)
        return bool(self.effects or self.outcomes or self.before != self.after)


def redo(
    fold: Fold,
    subject: SubjectId,
    letters: Sequence[Letter],
    found: Mapping[LetterId, Found],
    *,
    before: Iterable[Because],
    now: datetime,
) -> Redo:
    """What would come of it at `now`, by the programme's clock. The fold stays as it is.

    `found` holds the letters' records, and `before` the subject's reasons as they are.
    """
    sandbox = _sandbox(fold, subject, letters, found)
    entries: list[Entry] = []
    failing: dict[LetterId, str] = {}
    for letter in letters:
        if (why := _heard(sandbox, letter, found.get(letter.id), entries, now)) is not None:
            failing[letter.id] = why
    mended = tuple(letter.id for letter in letters if letter.id not in failing)
    last = _decided(sandbox, subject, mended, now)
    if last.unread is not None:
        return Redo(
            subject=subject,
            failing={letter.id: last.unread.reason for letter in letters},
            before=said_of(before),
            after=said_of(before),
        )
    entries.append(last)
    return Redo(
        subject=subject,
        mended=mended,
        failing=failing,
        before=said_of(before),
        after=said_of(last.decision.because),
        effects=tuple(effect(command) for entry in entries for command in entry.decision.commands),
        outcomes=tuple(outcome_said(outcome) for entry in entries for outcome in entry.decision.outcomes),
    )


def _sandbox(fold: Fold, subject: SubjectId, letters: Sequence[Letter], found: Mapping[LetterId, Found]) -> Fold:
    """A fold that knows this subject alone, and which of these records were heard already."""
    said = [fact_in(found[letter.id]) for letter in letters if letter.id in found]
    return alone(fold, subject, seen={mark(one) for one in said if one is not None} & fold.seen)


def alone(fold: Fold, subject: SubjectId, *, seen: AbstractSet[bytes] = frozenset()) -> Fold:
    """A sandbox: a fold that knows this subject alone, and heard just these messages before."""
    return Fold(
        fold.partition,
        fold.terms,
        states={subject: fold.state(subject)},
        looks={subject: fold.looks[subject]} if subject in fold.looks else {},
        seen=set(seen),
        offset=fold.offset,
        hash=fold.hash,
        at=fold.at,
    )


def tried(sandbox: Fold, said: Said[AnyFact], *, now: datetime) -> Entry:
    """What a decider would make of this message at `now`; it is heard in the sandbox and nowhere else."""
    _, entry = sandbox.decide(encode(said), key=said.subject.encode(), offset=sandbox.offset + 1, now=now)
    return entry


def _heard(sandbox: Fold, letter: Letter, found: Found | None, entries: list[Entry], now: datetime) -> str | None:
    """Why today's code cannot take the letter's record up either; None when it can, and has."""
    if letter.reason in HEARD_ALREADY:
        return None
    if found is None:
        return GONE
    if found.topic != "inbox":
        return _command_fault(found)
    _, entry = sandbox.decide(found.value, key=found.key, offset=sandbox.offset + 1, now=now)
    entries.append(entry)
    return entry.unread.reason if entry.unread is not None else None


def fact_in(found: Found) -> Said[AnyFact] | None:
    """The fact in this record, as today's code reads it; None where it does not."""
    try:
        return decode_fact(found.value or b"")
    except UnableToReadError:
        return None


def _command_fault(found: Found) -> str | None:
    try:
        decode_command(found.value or b"")
    except UnableToReadError as unread:
        return unread.reason
    return None


def _decided(sandbox: Fold, subject: SubjectId, mended: Sequence[LetterId], now: datetime) -> Entry:
    fact = LettersRedriven(letters=tuple(mended), act="what-if", why="what-if", by=Account("what-if"))
    return tried(sandbox, Said("what-if", SOURCE, subject, now, now, fact), now=now)


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
