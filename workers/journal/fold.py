"""The fold of one partition: the chain's head, what is known of each subject, and which messages were heard.

Deciders and readers share it. Whatever arrives, a record counts only if it follows the head that is held.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from events.base import LATEST, LineFact, SubjectId, subject_of
from events.codec import UnableToReadError, UnreadReason, open_fact, read_fact, wire
from events.control import LetterOpened, TimeCome
from events.envelope import Said
from events.journal import FIRST, Unread
from events.registry import AnyFact
from orchestrator import subjects
from orchestrator.decision import Because, Decision, Tell
from orchestrator.reasons import Reason
from orchestrator.record import Holder, with_
from orchestrator.subjects import State
from orchestrator.terms import Terms
from workers.journal import letters, record
from workers.journal.letters import Letters
from workers.journal.record import Entry, Link
from workers.runtime.fingerprint import fingerprint
from workers.runtime.letters import letter_of, subject_named
from workers.runtime.times import CLOCK, name_of_time
from workers.runtime.topics import partition_of
from workers.runtime.where import where

CLOCKS_APART: Final = timedelta(minutes=1)
"""So far the clock worker's clock may be ahead of ours: a time that it says has come has come."""
SOON: Final = timedelta(seconds=1)
"""At once, under a name that no time which was said before can have."""
LAST: Final = datetime(LATEST, 1, 1, tzinfo=UTC)
"""No later time is asked for in the stead of another."""
LOOK_AGAIN: Final = timedelta(hours=1)
"""When a decision that raised is tried again: the code may be mended by then."""
_DUPLICATE: Final = Decision(because=(Because(Reason.DUPLICATE),))
_ANOTHERS: Final = Unread(reason=UnreadReason.WRONG_KEY, detail="the line is another subject's")
_MISPLACED: Final = Unread(reason=UnreadReason.WRONG_PARTITION, detail="its subject has another partition")


def mark(said: Said[AnyFact]) -> bytes:
    """What a message is known again by: its source and id, in sixteen bytes."""
    return mark_of(said.source, said.id)


def mark_of(source: str, id_: str) -> bytes:
    """What the message with this id of this source is known again by."""
    return hashlib.blake2b(f"{source}|{id_}".encode(), digest_size=16).digest()


def _about_another(said: Said[AnyFact]) -> bool:
    """Whether it tells whoever has lines of somebody else's: two subjects would order for that line by one key."""
    fact, subject = said.message, said.subject
    if not isinstance(fact, LineFact) or subject[0] not in "ES":
        return False
    return subject not in {fact.line, subject_of(fact.line)}


@dataclass
class Fold:
    """One partition as it is known so far."""

    partition: int
    terms: Terms
    states: dict[SubjectId, State] = field(default_factory=dict)
    looks: dict[SubjectId, datetime] = field(default_factory=dict)
    seen: set[bytes] = field(default_factory=set)
    letters: Letters = field(default_factory=Letters)
    offset: int = FIRST
    hash: str = ""
    at: datetime | None = None
    position: int = 0
    """The next offset to read on the journal topic."""
    partitions: int = 0
    """How many there are, for whoever decides what comes from outside; 0 where every subject lives here."""

    def state(self, subject: SubjectId) -> State:
        """What is known of this subject."""
        return self.states.get(subject) or subjects.fresh(subject)

    def follow(self, value: bytes) -> Entry | None:
        """Fold a record in if it follows the head; None for a duplicate, a zombie's or a late writer's."""
        entry = self._accepted(value)
        if entry is not None:
            self._advance(entry, mark(entry.heard) if entry.heard is not None else b"")
        return entry

    def _accepted(self, value: bytes) -> Entry | None:
        try:
            entry = record.decode(value)
        except record.UnableToReadJournalError:
            if record.foreign(value, prev=self.offset, prev_hash=self.hash):
                return None
            raise
        return entry if (entry.link.prev, entry.link.prev_hash) == (self.offset, self.hash) else None

    def decide(self, raw: bytes | None, *, key: bytes | None, offset: int, now: datetime) -> tuple[bytes, Entry]:
        """Decide one inbox record and fold the decision in: the journal record's bytes, and the record."""
        now = max(now, self.at) if self.at else now
        said, unread, subject = self._read(raw, key)
        if self._lives_elsewhere(subject) and (said is not None or subject != f"P-{self.terms.programme}"):
            said, unread = None, unread or _MISPLACED
            decision = self._passed_on(subject, unread, offset)
        else:
            decision = self._set_aside(subject, now) if said is None else _DUPLICATE
        known_by = mark(said) if said is not None else b""
        duplicate = known_by in self.seen
        state: State | None = None
        if said is not None and not duplicate:
            if isinstance(said.message, TimeCome) and now < said.message.due <= now + CLOCKS_APART:
                now = said.message.due
            state = subjects.hear(self.state(said.subject), said.message, said.time, now=now)
            decision, unread = self._decide(state, said.message, now)
            decision = self.asking_anew(decision, subject, known_by, now=now)
        link = Link(self.offset, self.hash, offset)
        value = record.encode(
            link,
            partition=self.partition,
            subject=subject,
            at=now,
            code=fingerprint(),
            raw=raw if said is not None else None,
            unread=unread,
            duplicate=duplicate,
            decision=decision,
        )
        digest = record.hash_of(value)
        entry = Entry(link, digest, subject, now, fingerprint(), said, unread, duplicate, decision)
        self._advance(entry, known_by, state)
        return value, entry

    def _set_aside(self, subject: SubjectId, now: datetime) -> Decision:
        """What follows from what cannot be read: whom it may be about is looked at at once, so that ops has a task."""
        state, soon = self.states.get(subject), now + SOON
        touched = isinstance(state, Holder) and state.lines and not state.unread
        look = min(self.looks.get(subject, soon), soon) if touched else None
        return Decision(because=(Because(Reason.UNREAD),), look_again_at=look)

    def _lives_elsewhere(self, subject: SubjectId) -> bool:
        """Whether a client with another partitioner said this here: the subject's own messages have no place by it.

        Whoever was heard here before this was looked at is heard here still: else a running case would fall silent.
        """
        if not self.partitions or subject in self.states:
            return False
        return partition_of(subject, self.partitions) != self.partition

    def _passed_on(self, subject: SubjectId, unread: Unread, offset: int) -> Decision:
        """The subject hears of the letter where it lives, and is held back there; here nothing is known of it."""
        letter = letter_of("inbox", self.partition, offset)
        told = LetterOpened(letter=letter, reason=unread.reason, detail=unread.detail)
        return Decision(because=(Because(Reason.UNREAD),), tells=(Tell(subject, told),))

    def _read(self, raw: bytes | None, key: bytes | None) -> tuple[Said[AnyFact] | None, Unread | None, SubjectId]:
        raw = raw or b""
        said = read_fact(raw)
        if said is not None and said.subject.encode() == key and record.holds(raw):
            return (None, _ANOTHERS, said.subject) if _about_another(said) else (said, None, said.subject)
        whose = subject_named(key, programme=self.terms.programme)
        try:
            envelope = wire(raw)
            if not record.holds(raw):
                detail = "nested too deep, or with a number that JSON has not"
                return None, Unread(reason=UnreadReason.NOT_JSON, detail=detail), whose
            if envelope.subject != whose:
                reason = UnreadReason.WRONG_KEY
                return None, Unread(reason=reason, detail="the key is not the subject of the message"), whose
            said = open_fact(envelope)
            return (None, _ANOTHERS, whose) if _about_another(said) else (said, None, whose)
        except UnableToReadError as error:
            return None, Unread(reason=error.reason, detail=error.detail), whose

    def _decide(self, state: State, fact: AnyFact, now: datetime) -> tuple[Decision, Unread | None]:
        """The decision; when our own code raises, the fact is folded all the same and the message counts as unread."""
        try:
            decision = subjects.decide(state, fact, now=now, terms=self.terms)
        except Exception as error:  # noqa: BLE001 - whatever our decision raises must hold back one subject, not the flow
            detail = f"{type(error).__name__} while deciding, at {where(error)}"
            standing = self.looks.get(state.id)
            look = standing if standing is not None and standing > now else now + LOOK_AGAIN
            return Decision(because=(Because(Reason.UNREAD),), look_again_at=look), Unread(
                reason=UnreadReason.DECISION_RAISED, detail=detail
            )
        return decision, None

    def asking_anew(self, decision: Decision, subject: SubjectId, this: bytes, *, now: datetime) -> Decision:
        """The decision on this message, its look at a time that was not said before: said again it is a duplicate.

        A clock that is far ahead of ours says times that have not come. Asked for as much later as is left, each comes
        at its hour by ours while the clock stays as it is, and no later than twice that once the clock is put right.
        """
        look = decision.look_again_at
        while look is not None and look < LAST:
            name = mark_of(CLOCK, name_of_time(subject, look))
            if name != this and name not in self.seen:
                break
            look = min(look + max(look - now, SOON), LAST)
        return decision if look == decision.look_again_at else decision._replace(look_again_at=look)

    def _advance(self, entry: Entry, known_by: bytes, state: State | None = None) -> None:
        if not entry.duplicate:
            self._fold(entry, known_by, state)
        self.offset, self.hash, self.at = entry.link.offset, entry.hash, entry.at

    def _fold(self, entry: Entry, known_by: bytes, known: State | None) -> None:
        """Fold the record in. The decider has folded the fact already (`known`), to decide on it."""
        if entry.unread is not None and entry.decision.tells:
            return  # passed on to where its subject lives
        if entry.unread is not None or (entry.heard is not None and type(entry.heard.message) in letters.FACTS):
            self.letters.hear(entry, self.partition)
        state = known or self.state(entry.subject)
        if entry.heard is None and not isinstance(state, Holder):
            return  # rubbish says nothing of a subject, least of all of a programme that lives on another partition
        if entry.heard is not None:
            self.seen.add(known_by)
            if known is None:
                state = subjects.hear(state, entry.heard.message, entry.heard.time, now=entry.at)
        if entry.unread is not None and isinstance(state, Holder):
            state = with_(state, letters=state.letters | {letter_of("inbox", self.partition, entry.link.offset)})
        self.states[entry.subject] = subjects.apply(state, entry.decision, entry.at)
        if entry.decision.look_again_at:
            self.looks[entry.subject] = entry.decision.look_again_at
        elif entry.unread is None:
            self.looks.pop(entry.subject, None)
