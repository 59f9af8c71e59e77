"""A rehearsal's clock never runs ahead of the workers, not at its start and not after a kill."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import cast

from events.control import TimeCome
from events.journal import JournalRecord
from orchestrator.decision import Decision
from tests.workers.inbox_facts import MONDAY, said
from tests.workers.test_quiet import decided
from workers.journal.chain import Chain
from workers.journal.reading import Journal
from workers.runtime.clock import SteppedClock
from workers.world.coordinator import Coordinator
from workers.world.server import World

LATER = MONDAY + timedelta(hours=1)
ASKED = decided("0/0", said("E-0001", TimeCome(due=MONDAY), id_="a"), Decision(look_again_at=LATER))
CAME = decided("0/1", said("E-0001", TimeCome(due=LATER), id_="b"), Decision())


class GrowingJournal:
    """A journal in memory, of one partition, that is behind its inbox until a test lets it go on."""

    def __init__(self, *, said: int) -> None:
        self._said = said
        self._chain = Chain(0)
        self.followers = {0: self._chain}
        self.coming: list[tuple[int, JournalRecord]] = []

    def inbox_ends(self) -> dict[int, int]:
        return {0: self._said}

    def read(self, _seconds: float = 0.0) -> Iterator[tuple[int, JournalRecord]]:
        while self.coming:
            partition, record = self.coming.pop(0)
            self._chain.offset = record.data.offset
            yield partition, record

    def catch_up(self, seen: Callable[[int, JournalRecord], None]) -> None:
        for partition, record in self.read():
            seen(partition, record)


class StillWorld:
    """A world in which nothing happens of itself."""

    def unacknowledged(self) -> list[object]:
        return []

    def next_due(self) -> None:
        return None


async def test_time_stands_still_until_all_that_was_said_before_it_began_is_decided(tmp_path: Path) -> None:
    journal = GrowingJournal(said=1)
    clock, timers = SteppedClock(tmp_path / "clock"), SteppedClock(tmp_path / "timers")
    clock.set(MONDAY)
    coordinator = Coordinator(
        cast("World", StillWorld()),
        cast("Journal[JournalRecord]", journal),
        clock=clock,
        timers=timers,
        inbound="http://127.0.0.1:1",
        horizon=MONDAY + timedelta(days=1),
        folder=tmp_path,
    )
    coordinator.start()
    running = asyncio.create_task(coordinator.run())
    await asyncio.sleep(0.3)
    assert (coordinator.progress.finished, clock.now()) == (False, MONDAY)

    journal.coming.append(ASKED)
    while not (tmp_path / "timers").exists():  # noqa: ASYNC110 - a file says no word when it comes
        await asyncio.sleep(0.01)
    journal.coming.append(CAME)
    await asyncio.wait_for(running, 10)

    assert clock.now() == timers.now() == LATER
