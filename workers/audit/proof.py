"""The proof of a whole programme: every partition walked, judged, and held against an anchor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from events.journal import FIRST, JournalRecord
from workers.audit.anchor import Anchor, Head
from workers.audit.findings import Finding, Ignored, Kind
from workers.audit.tampering import judged
from workers.audit.walk import Stands, Walk, walk
from workers.runtime.topics import TopicName


class Source(Protocol):
    """Where the records of a programme can be read (`keeping.kept.Source`)."""

    @property
    def partitions(self) -> int:
        """How many."""

    def records(self, topic: TopicName, partition: int) -> Iterable[Stands]:
        """Everything that stands there."""


PASSED_OVER: Final = frozenset({Kind.INSERTED, Kind.UNREADABLE})
"""What harms nothing where no record is cut off by it: somebody else's records, which no reader accepts."""


@dataclass
class Proof:
    """What was found in all partitions."""

    heads: list[Head] = field(default_factory=list)
    accepted: int = 0
    findings: list[Finding] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    cut_off: int = 0
    at: datetime | None = None
    """The time of the latest decision."""

    def hold_against(self, came: Mapping[int, int]) -> None:
        """Where the deciders had come further on the inbox than the journal is (by partition), its end is missing."""
        heads = {head.partition: head for head in self.heads}
        for partition, offset in sorted(came.items()):
            head = heads.get(partition)
            if offset > (head.offset + 1 if head else 0):
                self.findings.append(Finding(Kind.ENDS_EARLY, partition, head.position if head else 0, offset - 1))

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    @property
    def sound(self) -> bool:
        """Whether all that readers accept is as it was written. What was put in beside it, everybody passes over."""
        return not self.cut_off and all(finding.kind in PASSED_OVER for finding in self.findings)


Hear = Callable[[int, int, JournalRecord], None]
"""Takes partition, position and record of everything that readers accept."""


def proof(source: Source, *, anchor: Anchor | None = None, hear: Hear | None = None) -> Proof:
    """Walk every partition. What readers accept passes by `hear`, partition by partition."""
    found = Proof()
    for partition in range(source.partitions):
        met = _walked(source, partition, found, hear)
        judgement = judged(met)
        found.accepted += met.accepted
        found.findings += judgement.findings
        found.ignored += judgement.ignored
        found.cut_off += judgement.cut_off
        if met.chain.offset != FIRST:
            chain = met.chain
            found.heads.append(
                Head(partition=partition, position=chain.position - 1, offset=chain.offset, hash=chain.hash)
            )
        found.findings += _against(met, anchor) if anchor is not None else []
    if anchor is not None:
        missing = (head for head in anchor.heads if head.partition >= source.partitions)
        found.findings += [Finding(Kind.ANCHOR_BROKEN, head.partition, head.position, head.offset) for head in missing]
    return found


def _walked(source: Source, partition: int, found: Proof, hear: Hear | None) -> Walk:
    def heard(position: int, record: JournalRecord) -> None:
        at = record.data.at
        found.at = at if found.at is None else max(found.at, at)
        if hear is not None:
            hear(partition, position, record)

    return walk(partition, source.records("journal", partition), source.records("inbox", partition), heard)


def _against(met: Walk, anchor: Anchor) -> list[Finding]:
    """The anchored head of this partition, if it is not among the records that readers accept."""
    found = []
    for head in anchor.heads:
        if head.partition != met.partition:
            continue
        seen = met.seen.get(head.hash)
        if seen is None or seen.accepted is None or seen.offset != head.offset:
            found.append(Finding(Kind.ANCHOR_BROKEN, met.partition, head.position, head.offset))
    return found
