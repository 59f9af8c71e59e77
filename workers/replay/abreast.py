"""The partitions side by side: as many processes as there are cores, each taking the next partition."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TypeVar

from workers.runtime.collecting import collect_seldom
from workers.runtime.settings import Settings

R = TypeVar("R")


def abreast(
    settings: Settings, work: Callable[[Settings, int], R], *, tell: Callable[[int], None] = lambda _done: None
) -> list[R]:
    """What the work came to, by partition. It must pickle: a function of a module, or a `functools.partial` of one.

    Told after each partition how many are done.
    """
    cores = len(os.sched_getaffinity(0))
    # A fork would carry the Kafka client's threads over half alive.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(cores, settings.partitions), fresh, initializer=collect_seldom) as pool:
        futures = [pool.submit(work, settings, partition) for partition in range(settings.partitions)]
        for done, _ in enumerate(as_completed(futures), 1):
            tell(done)
        return [future.result() for future in futures]
