"""A search on all cores: whoever is free goes on from the next situation that is one deviation off the usual way."""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from typing import Final, NamedTuple, TypeVar

from workers.runtime.collecting import collect_seldom
from workers.verify.guards import GUARDS
from workers.verify.models import MODELS
from workers.verify.searching import Explorer, Tally
from workers.verify.visited import Visited
from workers.verify.without import standing

T = TypeVar("T")
R = TypeVar("R")
ROOM: Final = (20_000, 200_000, 12_000_000, 120_000_000)
"""How many situations may be seen, by k."""
PORTIONS: Final = 12
"""Portions of the work per process: small enough that none waits long for the last."""


class Searched(NamedTuple):
    """What came of a search of one model."""

    model: str
    k: int
    tally: Tally
    seconds: float


class Work(NamedTuple):
    """A portion of a search: every `of`-th step of the usual way, from `first` on."""

    model: str
    k: int
    table: str
    first: int
    of: int
    without: str = ""
    """The guard that is taken out, if one is."""


def search(
    model: str,
    k: int,
    *,
    workers: int | None = None,
    without: str = "",
    tell: Callable[[float], None] = lambda _: None,
) -> Searched:
    """Explore this model on so many processes (all cores, unless it is said). Told by and by which share is done.

    `without` names a guard that is taken out of the code for this search.
    """
    began = time.perf_counter()
    tally = Tally()
    processes = workers or len(os.sched_getaffinity(0))
    with _table(k) as table:
        portions = 1 if k == 0 else PORTIONS * processes
        works = [Work(model, k, table.name, first, portions, without) for first in range(portions)]
        for portion in side_by_side(take, works, processes=processes, tell=tell):
            tally.add(portion)
    return Searched(model, k, tally, time.perf_counter() - began)


def side_by_side(
    work: Callable[[T], R], items: Sequence[T], *, processes: int | None, tell: Callable[[float], None]
) -> list[R]:
    """What this work comes to for each item, in their order; told by and by which share is done."""
    fresh = multiprocessing.get_context("spawn")
    most = min(processes or len(os.sched_getaffinity(0)), len(items))
    with ProcessPoolExecutor(most, fresh, initializer=collect_seldom) as pool:
        futures = [pool.submit(work, item) for item in items]
        for done, one in enumerate(as_completed(futures), 1):
            one.result()
            tell(done / len(items))
        return [future.result() for future in futures]


@contextmanager
def _table(k: int) -> Iterator[Visited]:
    table = Visited.make(ROOM[min(k, len(ROOM) - 1)])
    try:
        yield table
    finally:
        table.close(last=True)


def take(work: Work) -> Tally:
    """This portion of the search."""
    seen = Visited.attach(work.table)
    try:
        with standing(GUARDS[work.without].out if work.without else ()):
            return Explorer(MODELS[work.model], seen).search(work.k, first=work.first, of=work.of)
    finally:
        seen.close(last=False)
