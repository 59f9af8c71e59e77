"""The journal of a line's life, and what an audit finds of it once somebody was at it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from hypothesis import strategies as st

from tests.workers.inbox_facts import TERMS, Record, fed, life, record, talking
from workers.audit.anchor import Anchor, anchor_of
from workers.audit.proof import Proof, proof
from workers.journal.fold import Fold
from workers.keeping.kept import Kept
from workers.runtime.topics import TopicName

LIFE = [record(one) for one in life()]
TOWN = [record(one) for one in talking(4)]


@cache
def journal_of(town: bool) -> tuple[bytes, ...]:  # noqa: FBT001 - which of the two
    return tuple(value for value, _ in fed(Fold(0, TERMS), TOWN if town else LIFE))


@dataclass
class InMemory:
    """A programme of one partition. Fulfils `kept.Source`."""

    journal: Sequence[bytes]
    inbox: Sequence[Record]
    partitions: int = 1

    def records(self, topic: TopicName, partition: int) -> list[Kept]:
        assert partition == 0
        values = self.journal if topic == "journal" else [one.raw for one in self.inbox]
        return [Kept(offset, -1, b"", value, "") for offset, value in enumerate(values)]


def of_life(journal: Sequence[bytes], anchor: Anchor | None = None) -> Proof:
    return proof(InMemory(journal, LIFE), anchor=anchor)


def anchor_at(journal: Sequence[bytes]) -> Anchor:
    found = of_life(journal)
    assert found.at is not None
    return anchor_of("demo", "demo", found.heads, at=found.at)


VALUES = list(journal_of(town=False))
LAST = len(VALUES) - 1
ANCHOR = anchor_at(VALUES)
positions = st.integers(0, LAST)


def forged(position: int, **data: object) -> bytes:
    """The record at this position with other data, as somebody would write it who knows the shape."""
    record_ = json.loads(VALUES[position])
    record_["data"] |= data
    return json.dumps(record_, separators=(",", ":")).encode()
