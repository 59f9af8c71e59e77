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


@dataclass(frozen=True)
class Class:
    """What a reason means: what happened, what is held back meanwhile, and what mends it."""

    what: str
    mend: str


CLASSES: Final[Mapping[UnreadReason, Class]] = {
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
    return CLASSES[UnreadReason(reason)]


def chosen(letters: Mapping[LetterId, Letter], words: Iterable[str]) -> list[Letter]:
    """The letters that these words name: by their own id, or by whom they touch. Raises `UnableToUnderstandError`."""
    found: dict[LetterId, Letter] = {}
    for word in words:
        named = [letter for letter in letters.values() if word in {letter.id, letter.subject}]
        if not named:
            none = _("No dead letter is called {word}, and none touches a subject of that name.").format(word=word)
            raise UnableToUnderstandError(
                none + " " + _("Nothing was said.") + "\n" + _("See them all:  naadloos dead-letters list")
            )
        found |= {letter.id: letter for letter in named}
    return list(found.values())
