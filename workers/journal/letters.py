"""The dead letters of one partition, as its journal tells of them: opened, and settled by a person."""

from collections import ChainMap
from collections.abc import Iterable, Iterator, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, get_args

from events.base import LetterId, SubjectId
from events.control import LetterFact, LetterOpened, LettersDismissed, LettersRedriven
from workers.journal.record import Entry
from workers.runtime.letters import letter_of

FACTS: Final = frozenset(get_args(LetterFact))


@dataclass(frozen=True)
class Letter:
    """A record that could not be read, decided on or carried out."""

    id: LetterId
    subject: SubjectId
    reason: str
    detail: str
    code: str
    """The fingerprint of the code that could not; empty where only the letter itself says it."""
    at: datetime
    """When it was seen, by the programme's clock."""


@dataclass(frozen=True)
class Settlement:
    """What a person did about a letter."""

    how: Literal["redriven", "dismissed"]
    act: str
    by: str
    why: str
    at: datetime


@dataclass
class Letters:
    """Every letter and every settlement. The two may stand on two partitions, when the record's key named nobody."""

    opened: MutableMapping[LetterId, Letter] = field(default_factory=dict)
    settled: MutableMapping[LetterId, Settlement] = field(default_factory=dict)

    def hear(self, entry: Entry, partition: int) -> None:
        """Take in one record of the journal that is no duplicate."""
        if entry.unread is not None:
            id_ = letter_of("inbox", partition, entry.link.offset)
            self.opened[id_] = Letter(
                id_, entry.subject, entry.unread.reason, entry.unread.detail, entry.code, entry.at
            )
        fact = entry.heard.message if entry.heard is not None else None
        if isinstance(fact, LetterOpened):
            letter = Letter(fact.letter, entry.subject, fact.reason, fact.detail, "", entry.at)
            self.opened.setdefault(fact.letter, letter)
        elif isinstance(fact, LettersRedriven | LettersDismissed):
            how: Literal["redriven", "dismissed"] = "redriven" if isinstance(fact, LettersRedriven) else "dismissed"
            settlement = Settlement(how, fact.act, fact.by, fact.why, entry.at)
            for id_ in fact.letters:
                self.settled.setdefault(id_, settlement)


def together(parts: Iterable[Letters]) -> Letters:
    """The letters of all partitions, as they stand whenever they are looked up."""
    kept = tuple(parts)
    return Letters(ChainMap(*(part.opened for part in kept)), ChainMap(*(part.settled for part in kept)))


def still_open(letters: Letters) -> Iterator[Letter]:
    """The letters that nobody settled, the oldest first."""
    found = (letter for id_, letter in letters.opened.items() if id_ not in letters.settled)
    return iter(sorted(found, key=lambda letter: (letter.at, letter.id)))
