"""The journal held against the inbox: what was said otherwise than it was heard, and what nobody decided, is named."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.audited_journal import LAST, LIFE, VALUES, InMemory, of_life, positions
from tests.workers.inbox_facts import TERMS, Record
from workers.audit.findings import Finding, Kind
from workers.audit.proof import proof
from workers.journal.fold import Fold
from workers.keeping.kept import Kept
from workers.runtime.topics import TopicName


@given(positions)
@settings(max_examples=40)
def test_an_inbox_record_that_is_not_what_was_heard_is_named(position: int) -> None:
    raw = LIFE[position].raw
    assert raw is not None
    altered = Record(raw.replace(b'"time":"2', b'"time":"1'), LIFE[position].key, LIFE[position].now)

    found = proof(InMemory(VALUES, [*LIFE[:position], altered, *LIFE[position + 1 :]]))

    assert found.findings == [Finding(Kind.UNHEARD, 0, position, position)]


def test_a_decision_on_what_stands_nowhere_is_named() -> None:
    found = proof(InMemory(VALUES, LIFE[:-1]))

    assert found.findings == [Finding(Kind.NOT_IN_INBOX, 0, LAST, LAST)]


@dataclass
class Holed(InMemory):
    """A programme with offsets in its inbox at which nothing stands."""

    holes: frozenset[int] = frozenset()

    def records(self, topic: TopicName, partition: int) -> list[Kept]:
        every = super().records(topic, partition)
        return every if topic == "journal" else [one for one in every if one.offset not in self.holes]


def without(*unseen: int) -> list[bytes]:
    """The journal of a decider that never saw these records of the inbox."""
    fold = Fold(0, TERMS)
    seen = [(offset, one) for offset, one in enumerate(LIFE) if offset not in unseen]
    return [fold.decide(one.raw, key=one.key, offset=offset, now=one.now)[0] for offset, one in seen]


@given(positions.filter(lambda position: position < LAST), st.integers(1, 5))
@settings(max_examples=40)
def test_every_message_that_the_journal_passes_over_is_named(position: int, many: int) -> None:
    after = min(position + many, LAST)

    found = of_life(without(*range(position, after)))

    assert found.findings == [Finding(Kind.UNDECIDED, 0, position, offset) for offset in range(position, after)]
    assert not found.sound


def test_an_offset_of_the_inbox_at_which_nothing_stands_is_not_missed() -> None:
    assert proof(Holed(without(0, 5, 6), LIFE, holes=frozenset({0, 5, 6}))).whole


def test_a_message_beside_a_decision_on_nothing_is_missed_too() -> None:
    found = proof(Holed(without(5, 6), LIFE, holes=frozenset({4})))

    assert [(finding.kind, finding.offset) for finding in found.findings] == [
        (Kind.NOT_IN_INBOX, 4),
        (Kind.UNDECIDED, 5),
        (Kind.UNDECIDED, 6),
    ]
