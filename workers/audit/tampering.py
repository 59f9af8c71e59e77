"""What the walk of a partition shows: records that were altered, removed, moved or put in, and those that are ignored.

A record that does not follow the head is ignored without harm where the chain tells how it came to be: it follows a
record that was accepted, or another that is ignored, and so was written by a decider that somebody had overtaken.
Whatever is left was not written by a decider in this order, and is named.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from events.journal import FIRST
from workers.audit.findings import Finding, Ignored, Kind
from workers.audit.walk import Passed, Seen, Walk
from workers.journal.record import Link

ROOT: Final = Seen(-1, FIRST, -1)
"""What the first record of a partition follows."""


@dataclass
class Judgement:
    """Everything that the walk shows."""

    findings: list[Finding] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    cut_off: int = 0
    """Records that no reader accepts because of what was found before them."""


@dataclass
class _Judge:
    """One partition under judgement."""

    met: Walk
    judgement: Judgement
    named: set[str]
    """Hashes that some passed record names as its predecessor's."""
    last: int
    depth: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Of a record that is ignored: the accepted one that its branch leaves, and how long the branch is up to it."""

    def judge(self, passed: Passed) -> None:
        link = passed.link
        if link is None or passed.stops:
            self._find(Kind.STOPPING if passed.stops else Kind.UNREADABLE, passed)
            return
        first = self.met.seen[passed.hash]
        if first.position != passed.position:
            self.judgement.ignored.append(Ignored(self.met.partition, passed.position, link.offset, again=True))
            return
        begins = link.prev_hash == "" and (link.prev == FIRST or self.met.accepted > 0)
        parent = ROOT if begins else self.met.seen.get(link.prev_hash)
        if parent is None:
            self._without_parent(passed, link)
        elif parent.offset != link.prev:
            # Where another follows that one, nothing is missing for this one to have been.
            kind = Kind.INSERTED if self._is_followed(parent) else Kind.ALTERED
            self._find(kind, passed, offset=link.offset, other=parent.position)
        elif parent.position > passed.position:
            self._find(Kind.MOVED, passed, offset=link.offset, other=parent.position)
        else:
            self._with_parent(passed, link, parent)

    def _is_followed(self, seen: Seen) -> bool:
        """Whether readers accept a record that follows this one."""
        return seen.accepted is not None and seen.accepted < self.met.accepted - 1

    def _with_parent(self, passed: Passed, link: Link, parent: Seen) -> None:
        if parent.accepted is not None:
            self.depth[passed.hash] = (parent.accepted, 1)
        elif link.prev_hash in self.depth:
            fork, depth = self.depth[link.prev_hash]
            self.depth[passed.hash] = (fork, depth + 1)
        else:
            self.judgement.cut_off += 1
            return
        self.judgement.ignored.append(Ignored(self.met.partition, passed.position, link.offset, again=False))

    def _without_parent(self, passed: Passed, link: Link) -> None:
        """The predecessor that it names stands nowhere: it was altered or taken away, or this record is the odd one."""
        vouched = passed.hash in self.named
        suspect = self._altered(passed, link)
        if vouched or passed.position == self.last:
            if suspect is not None:
                self._find_at(Kind.ALTERED, suspect, offset=link.prev, other=passed.position)
                self.judgement.cut_off += 1
            elif vouched or link.prev > self.met.chain.offset:
                self._find(Kind.REMOVED, passed, offset=link.prev)
            else:
                self._find(Kind.INSERTED, passed, offset=link.offset)
        elif self._missed(passed, link):
            self._find(Kind.ALTERED, passed, offset=link.offset, other=passed.position + 1)
        else:
            self._find(Kind.INSERTED, passed, offset=link.offset)

    def _altered(self, passed: Passed, link: Link) -> int | None:
        """The position of the record that stands where the missing one should: it decides the same, and none names it.

        Or one right before that does not read any more.
        """
        head = self.met.accepted - 1  # every accepted one before it is named by the next
        fitting = [
            seen.position
            for digest, seen in self.met.seen.items()
            if seen.offset == link.prev
            and seen.position < passed.position
            and seen.accepted in {None, head}
            and digest not in self.named
        ]
        if fitting:
            return max(fitting)
        unread = [each.position for each in self.met.passed if each.link is None and each.position < passed.position]
        return unread[-1] if unread and unread[-1] == passed.position - 1 else None

    def _missed(self, passed: Passed, link: Link) -> bool:
        """Whether a later record names one in this record's place that stands nowhere."""
        return any(
            later.position > passed.position
            and later.link is not None
            and later.link.prev == link.offset
            and later.link.prev_hash not in self.met.seen
            for later in self.met.passed
        )

    def _find(self, kind: Kind, passed: Passed, *, offset: int | None = None, other: int | None = None) -> None:
        self._find_at(kind, passed.position, offset=offset, other=other)

    def _find_at(self, kind: Kind, position: int, *, offset: int | None, other: int | None) -> None:
        """Once per place: an alteration shows at the record itself, and again at the one after it."""
        found = self.judgement.findings
        if all(each.position != position for each in found):
            found.append(Finding(kind, self.met.partition, position, offset, other))


def judged(met: Walk) -> Judgement:
    """What the walk shows, in the order of places."""
    named = {passed.link.prev_hash for passed in met.passed if passed.link is not None}
    judge = _Judge(met, Judgement(findings=list(met.findings)), named, met.end - 1)
    for passed in met.passed:
        judge.judge(passed)
    judge.judgement.findings += _forks(met, judge)
    judge.judgement.findings.sort(key=lambda finding: finding.position)
    return judge.judgement


def _forks(met: Walk, judge: _Judge) -> list[Finding]:
    """Where more records follow the side that nobody accepts than the other side has.

    A decider that was overtaken stops by itself, and what it decided in vain is then decided by the one that overtook
    it, so the accepted side is the longer one before long.
    """
    longest: dict[int, int] = {}
    for fork, depth in judge.depth.values():
        longest[fork] = max(depth, longest.get(fork, 0))
    found = []
    for fork, depth in longest.items():
        if depth > met.accepted - 1 - fork:
            here = next(seen.position for seen in met.seen.values() if seen.accepted == fork + 1)
            there = next(passed.position for passed in met.passed if judge.depth.get(passed.hash) == (fork, 1))
            found.append(Finding(Kind.FORKED, met.partition, here, None, there))
    return found
