"""Dead letters as ops reads them: by what is wrong, with everybody whom it touches, and what to do about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from events.base import LetterId, SubjectId
from events.codec import UnreadReason
from workers.journal.letters import Letter
from workers.runtime.language import _, marked
from workers.runtime.unable import UnableToUnderstandError
from workers.views.known import Known
from workers.views.named import guessed, ids_of, subject_named


@dataclass(frozen=True)
class Class:
    """What a reason means: what happened, what is held back meanwhile, and what mends it."""

    what: str
    mend: str


CLASSES: Final[Mapping[str, Class]] = {
    UnreadReason.TOO_LONG: Class(
        marked("it is longer than any message of ours"),
        marked("Ask its sender to say it again in fewer words; then dismiss the letter."),
    ),
    UnreadReason.NOT_JSON: Class(
        marked("its bytes are no JSON"),
        marked("Ask its sender to say it again; then dismiss the letter."),
    ),
    UnreadReason.NOT_AN_EVENT: Class(
        marked("it is JSON and no CloudEvents envelope of ours"),
        marked("Ask its sender to say it again as a CloudEvent; then dismiss the letter."),
    ),
    UnreadReason.UNKNOWN_TYPE: Class(
        marked("its type is not known to this code"),
        marked("Was it said by newer code? Run that code, then redrive. Else dismiss the letter."),
    ),
    UnreadReason.SCHEMA: Class(
        marked("a field is missing, or is not what its type wants"),
        marked("Mend the code that reads it and redrive, or have it said again and dismiss the letter."),
    ),
    UnreadReason.WRONG_KEY: Class(
        marked("its key names another subject than the message itself, or the message another subject's line"),
        marked("Say it to the right subject, then dismiss the letter."),
    ),
    UnreadReason.WRONG_PARTITION: Class(
        marked("it was said on a partition that is not its subject's"),
        marked("Set its sender's partitioner to murmur2, then redrive: it is said again where it belongs."),
    ),
    UnreadReason.DECISION_RAISED: Class(
        marked("our own decision failed on it; the fact itself is known"),
        marked("Mend the decision, deploy it, and redrive."),
    ),
    UnreadReason.EFFECT_RAISED: Class(
        marked("our own worker failed at the command; its outcome is asked for"),
        marked("Mend the worker, deploy it, and redrive."),
    ),
}
UNKNOWN: Final = Class(
    marked("this code does not know its reason: newer code found it"),
    marked("Run that code, and look again."),
)
HELD_BACK: Final = marked(
    "Until then nothing that cannot be undone is done for {whom}: no port is carried out, no old line ends. "
    "Kits, answers and messages go on."
)


@dataclass(frozen=True)
class Group:
    """The letters with one and the same thing wrong."""

    reason: str
    detail: str
    letters: tuple[Letter, ...]
    waves: tuple[str, ...]
    departments: tuple[str, ...]

    @property
    def subjects(self) -> tuple[SubjectId, ...]:
        """Whom it touches, in the order of ids."""
        return tuple(sorted({letter.subject for letter in self.letters}))

    @property
    def first(self) -> datetime:
        """When the first was seen, by the programme's clock."""
        return min(letter.at for letter in self.letters)

    @property
    def last(self) -> datetime:
        """When the last was seen, by the programme's clock."""
        return max(letter.at for letter in self.letters)


def groups(letters: Iterable[Letter], known: Known) -> list[Group]:
    """The letters by what is wrong with them, the largest group first."""
    found: defaultdict[tuple[str, str], list[Letter]] = defaultdict(list)
    for letter in letters:
        found[letter.reason, letter.detail].append(letter)
    made = [_group(reason, detail, of, known) for (reason, detail), of in found.items()]
    return sorted(made, key=lambda group: (-len(group.letters), group.reason, group.detail))


def _group(reason: str, detail: str, letters: list[Letter], known: Known) -> Group:
    holders = [holder for letter in letters if (holder := known.holder(letter.subject)) is not None]
    waves = {str(line.plan.wave) for holder in holders for line in holder.lines.values() if line.plan.wave is not None}
    departments = {holder.enrolled.department for holder in holders if holder.enrolled is not None}
    return Group(reason, detail, tuple(letters), tuple(sorted(waves)), tuple(sorted(departments)))


def meaning(reason: str) -> Class:
    """What this reason means."""
    return CLASSES.get(reason, UNKNOWN)


@dataclass(frozen=True)
class Chosen:
    """What some words name."""

    letters: tuple[Letter, ...]
    clean: tuple[str, ...]
    """Those of the words that name somebody whom no letter touches."""


def chosen(
    letters: Mapping[LetterId, Letter], words: Iterable[str], known: Known, *, verb: str, also: Iterable[str] = ()
) -> Chosen:
    """What these words name: a letter by its own id, or all those of whom a word names.

    Raises `UnableToUnderstandError` where a word names neither; `also` are other words that this verb takes.
    """
    found: dict[LetterId, Letter] = {}
    clean = []
    for word in words:
        whom = subject_named(known, word) or word
        named = {id_: letter for id_, letter in letters.items() if word == id_ or whom == letter.subject}
        if not named and whom not in known.states:
            raise UnableToUnderstandError(_nobodys(word, [*letters, *ids_of(known), *also], verb))
        clean += [] if named else [word]
        found |= named
    return Chosen(tuple(found.values()), tuple(clean))


def _nobodys(word: str, there: Iterable[str], verb: str) -> str:
    none = _("No dead letter is called {word}, and nobody in this programme is, and no line. Nothing was said.")
    hint = guessed(word, there, order=f"dead-letters {verb}") or _("See them all:  naadloos dead-letters list")
    return none.format(word=word) + "\n" + hint
