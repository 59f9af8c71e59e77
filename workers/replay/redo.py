"""What would come of taking up a subject's dead letters now: decided in a sandbox by today's code, with no effect.

The sandbox is a fold of that one subject as it is known now. It hears what the letters said, as far as today's code
can read them, and then that they were redriven, just as a decider would; what it orders goes nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from pydantic import Field

from events.base import Account, Key, LetterId, SubjectId, effect_of
from events.codec import UnableToReadError, UnreadReason, decode_command
from events.control import LettersRedriven
from events.cutover import Withdraw
from events.envelope import Said
from events.registry import AnyCommand
from orchestrator.decision import Because
from orchestrator.record import AskState, Holder
from orchestrator.subjects import State
from workers.journal.fold import Fold, mark
from workers.journal.letters import Letter
from workers.journal.record import Entry
from workers.promises.forethought import broken
from workers.replay.sandbox import SOURCE, alone, tried
from workers.replay.shown import Effect, Part, effect, outcome_said, said_of
from workers.runtime.letters import Found, fact_in

GONE: Final = "gone"
"""The record is not where the letter says: the topic was made anew, or somebody made the letter up."""
SUPERSEDED: Final = "superseded"
"""The command is not the line's open one of its effect: it was answered, taken back, or another was ordered since."""
HEARD_ALREADY: Final = frozenset({UnreadReason.DECISION_RAISED, UnreadReason.EFFECT_RAISED})
"""Letters whose record was heard, or answered, when it came: there is nothing to say again, only to decide anew."""


class Redo(Part):
    """One subject: its letters, which of them today's code mends, and what would follow."""

    subject: SubjectId
    mended: tuple[LetterId, ...] = ()
    failing: dict[LetterId, str] = Field(default_factory=dict)
    """Letters that today's code cannot read or decide on either, with the reason."""
    raises: str = ""
    """Where today's code fails at deciding on the subject, with letters or without; empty where it does not."""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    """Why the subject's lines are where they are, now and then: `line reason`, in order."""
    effects: tuple[Effect, ...] = ()
    outcomes: tuple[str, ...] = ()
    """What would become true by deciding: tasks opened and closed, incidents, lines done."""
    breaks: tuple[str, ...] = ()
    """How today's decisions would cut somebody off, of which line: nothing of this is redriven (docs/promises.md)."""

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
    before: Sequence[Because],
    now: datetime,
) -> Redo:
    """What would come of it at `now`, by the programme's clock. The fold stays as it is.

    `found` holds the letters' records, and `before` the subject's reasons as they are.
    """
    sandbox = _sandbox(fold, subject, letters, found)
    entries, again, failing = _taken_up(sandbox, subject, letters, found, now=now)
    mended = tuple(letter.id for letter in letters if letter.id not in failing)
    before_last = sandbox.state(subject)
    last = _decided(sandbox, subject, mended, now)
    if last.unread is not None:
        return Redo(
            subject=subject,
            failing={letter.id: last.unread.reason for letter in letters} | failing,
            raises=last.unread.detail,
            before=said_of(before),
            after=said_of(before),
        )
    decisions = [*(entry.decision for entry in entries), last.decision]
    ordered = (*again, *(command for decision in decisions for command in decision.commands))
    breaks = broken(before_last, sandbox.state(subject), last.decision, now=now)
    return Redo(
        subject=subject,
        mended=mended,
        failing=failing,
        before=said_of(before),
        after=said_of(last.decision.because),
        effects=tuple(map(effect, ordered)),
        outcomes=tuple(outcome_said(outcome) for decision in decisions for outcome in decision.outcomes),
        breaks=tuple(f"{one.line}: {one.why}" for one in breaks),
    )


def _taken_up(
    sandbox: Fold, subject: SubjectId, letters: Sequence[Letter], found: Mapping[LetterId, Found], *, now: datetime
) -> tuple[list[Entry], list[AnyCommand], dict[LetterId, str]]:
    """What the sandbox decided on the letters' facts, the commands to carry out again, and which letters fail, why."""
    entries: list[Entry] = []
    again: list[AnyCommand] = []
    failing: dict[LetterId, str] = {}
    for letter in letters:
        record = found.get(letter.id)
        if record is not None and record.topic != "inbox" and letter.reason not in HEARD_ALREADY:
            why = _asked_again(sandbox.state(subject), record, again)
        else:
            why = _heard(sandbox, letter, record, entries, now)
        if why is not None:
            failing[letter.id] = why
    return entries, again, failing


def _sandbox(fold: Fold, subject: SubjectId, letters: Sequence[Letter], found: Mapping[LetterId, Found]) -> Fold:
    """A fold that knows this subject alone, and which of these records were heard already."""
    said = [fact_in(found[letter.id]) for letter in letters if letter.id in found]
    return alone(fold, subject, seen={mark(one) for one in said if one is not None} & fold.seen)


def _heard(sandbox: Fold, letter: Letter, found: Found | None, entries: list[Entry], now: datetime) -> str | None:
    """Why today's code cannot take the letter's record up either; None when it can, and has."""
    if letter.reason in HEARD_ALREADY:
        return None
    if found is None:
        return GONE
    _, entry = sandbox.decide(found.value, key=found.key, offset=sandbox.offset + 1, now=now)
    entries.append(entry)
    return entry.unread.reason if entry.unread is not None else None


def _asked_again(state: State, found: Found, again: list[AnyCommand]) -> str | None:
    """Why the command in this record is not to be carried out; None where it is, and then it is among `again`."""
    try:
        command = decode_command(found.value or b"").message
    except UnableToReadError as unread:
        return unread.reason
    if not _is_open(state, command):
        return SUPERSEDED
    again.append(command)
    return None


def _is_open(state: State, command: AnyCommand) -> bool:
    """Whether the line still waits for an answer to it or, of a command that takes one back, to that one."""
    line = state.lines.get(command.line) if isinstance(state, Holder) else None
    key = Key(command.target) if isinstance(command, Withdraw) else command.key
    ask = line.asks.get(effect_of(key)) if line is not None else None
    return ask is not None and ask.key == key and ask.state is AskState.ASKED


def _decided(sandbox: Fold, subject: SubjectId, mended: Sequence[LetterId], now: datetime) -> Entry:
    fact = LettersRedriven(letters=tuple(mended), act="what-if", why="what-if", by=Account("what-if"))
    return tried(sandbox, Said("what-if", SOURCE, subject, now, now, fact), now=now)
