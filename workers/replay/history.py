"""The whole journal held against today's code: its partitions side by side, each in a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from events.base import SubjectId
from workers.journal.reading import load
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
    seconds: float
    """Of processor time."""
    differences: tuple[Difference, ...]

    def by_kind(self) -> Counter[Kind]:
        """How many decisions differ, by how."""
        return Counter(one.kind for one in self.differences)

    def subjects(self) -> list[SubjectId]:
        """Whom today's code decides otherwise about."""
        return sorted({one.subject for one in self.differences})


def compared(settings: Settings, asked: Asked) -> Compared:
    """Every accepted record of the journal, up to its present end, decided anew and compared. Nothing is said."""
    parts = list(_side_by_side(settings, asked))
    differences = [one for part in parts for one in part.differences]
    return Compared(
        records=sum(part.records for part in parts),
        compared=sum(part.compared for part in parts),
        seconds=sum(part.seconds for part in parts),
        differences=tuple(sorted(differences, key=lambda one: (ORDER[one.kind], one.at, one.subject, one.offset))),
    )


def _side_by_side(settings: Settings, asked: Asked) -> Iterator[Compared]:
    cores = len(os.sched_getaffinity(0))
    # A fork would carry the Kafka client's threads over half alive.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=min(cores, settings.partitions), mp_context=fresh) as pool:
        futures = [pool.submit(of_partition, settings, partition, asked) for partition in range(settings.partitions)]
        for future in futures:
            yield future.result()


def of_partition(settings: Settings, partition: int, asked: Asked) -> Compared:
    """One partition, compared in this process."""
    began = time.process_time()
    fold = Comparing(partition, terms_of(settings), only=asked.only, since=asked.since)
    records = 0

    def count(_entry: object) -> None:
        nonlocal records
        records += 1

    load(settings, fold, count)
    return Compared(records, fold.compared, time.process_time() - began, tuple(fold.differences))
