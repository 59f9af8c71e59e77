"""The whole journal held against today's code: its partitions side by side, each in a process of its own."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from events.base import SubjectId
from workers.journal.reading import load
from workers.replay.abreast import abreast
from workers.replay.compare import ORDER, Comparing, Difference, Kind
from workers.runtime.settings import Settings
from workers.runtime.terms import terms_of


@dataclass(frozen=True)
class Asked:
    """Which decisions are compared: of whom, and since when. All are folded."""

    only: frozenset[SubjectId] | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class Compared:
    """What came of comparing some partitions."""

    records: int
    compared: int
    cpu_seconds: float
    differences: tuple[Difference, ...]
    passed_over: int = 0
    """Copies and what nobody could read, of those that were asked for."""

    def by_kind(self) -> Counter[Kind]:
        """How many decisions differ, by how."""
        return Counter(one.kind for one in self.differences)

    def subjects(self) -> list[SubjectId]:
        """Whom today's code decides otherwise about."""
        return sorted({one.subject for one in self.differences})


def compared(settings: Settings, asked: Asked, *, tell: Callable[[int], None] = lambda _done: None) -> Compared:
    """Every accepted record of the journal, up to its present end, decided anew and compared. Nothing is said.

    Told after each partition how many are done.
    """
    parts = abreast(settings, partial(of_partition, asked=asked), tell=tell)
    differences = [one for part in parts for one in part.differences]
    return Compared(
        records=sum(part.records for part in parts),
        compared=sum(part.compared for part in parts),
        passed_over=sum(part.passed_over for part in parts),
        cpu_seconds=sum(part.cpu_seconds for part in parts),
        differences=tuple(sorted(differences, key=lambda one: (ORDER[one.kind], one.at, one.subject, one.offset))),
    )


def of_partition(settings: Settings, partition: int, asked: Asked) -> Compared:
    """One partition, compared in this process."""
    began = time.process_time()
    fold = Comparing(partition, terms_of(settings), only=asked.only, since=asked.since)
    records = 0

    def count(_entry: object) -> None:
        nonlocal records
        records += 1

    load(settings, fold, count)
    return Compared(records, fold.compared, time.process_time() - began, tuple(fold.differences), fold.passed_over)
