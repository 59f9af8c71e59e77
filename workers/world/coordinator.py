"""The coordinator moves a rehearsal's clock, never ahead of the workers: first what is due is decided and done."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import aiohttp
import structlog
from pydantic_core import to_json

from events.journal import JournalRecord
from workers.journal.reading import Journal
from workers.providers.reports import Report
from workers.runtime.clock import SteppedClock
from workers.world.quiet import Quiet
from workers.world.server import World

GRID: Final = timedelta(minutes=10)
"""The clock stands on these marks only, so that what is due close together is done together."""
CHUNK: Final = 2000
log = structlog.get_logger()


def ceiling(at: datetime, grid: timedelta = GRID) -> datetime:
    """The first mark of the grid that is not before `at`, in UTC."""
    zero = datetime(2000, 1, 1, tzinfo=UTC)
    return zero - (zero - at) // grid * grid


@dataclass
class Progress:
    """How far the rehearsal is."""

    now: datetime
    steps: int = 0
    running: bool = False
    finished: bool = False
    over: int = 0
    lines: int = 0
    waiting_for: tuple[str, ...] = ()
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class Coordinator:
    """Moves the clock step by step until every line is over, or the horizon is reached."""

    def __init__(
        self,
        world: World,
        journal: Journal[JournalRecord],
        *,
        clock: SteppedClock,
        timers: SteppedClock,
        inbound: str,
        horizon: datetime,
        folder: Path,
    ) -> None:
        self._world = world
        self._journal = journal
        self._clock = clock
        self._timers = timers
        self._inbound = inbound
        self._horizon = horizon
        self._started = folder / "running"
        self._quiet = Quiet()
        self._begun = asyncio.Event()
        self.heard_by_inbound = True
        """Whether the inbound adapter took what the world said last."""
        self.progress = Progress(now=clock.now())
        if self._started.exists():
            self.start()

    def start(self) -> None:
        """Begin, now and after every restart."""
        self._started.touch()
        self.progress.running = True
        self._begun.set()

    async def run(self) -> None:
        """Wait to be started, take up where a killed process left off, then step until the end."""
        await self._begun.wait()
        await self._catch_up()
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
            await self._deliver(session, self._world.unacknowledged())
            while not self.progress.finished:
                await self._step(session)

    async def _catch_up(self) -> None:
        """Wait until all that was said before a start or a kill is decided; no journal record tells of the rest."""
        ends = await asyncio.to_thread(self._journal.inbox_ends)
        await asyncio.to_thread(self._journal.catch_up, self._quiet.heard)
        followers = self._journal.followers
        await self._until(lambda: all(followers[p].offset + 1 >= end for p, end in ends.items()))

    async def _step(self, session: aiohttp.ClientSession) -> None:
        now = self._clock.now()
        await self._settle()
        due = self._world.next_due()
        if due is not None and due <= now:
            await self._deliver(session, await self._world.release(now))
        elif not self._quiet.nobody_waits(now):
            await self._time_comes(now)
        elif (later := self._next(due)) is None:
            self.progress.finished = True
        else:
            self._clock.set(later)
            self.progress.now = later
            self.progress.steps += 1

    def _next(self, due: datetime | None) -> datetime | None:
        """When something is due next; None when nothing is, or all is over."""
        self.progress.over, self.progress.lines = self._quiet.progress()
        times = [at for at in (due, self._quiet.due.next()) if at is not None]
        if not times or self._quiet.all_over() or min(times) >= self._horizon:
            return None
        return ceiling(min(times))

    async def _time_comes(self, now: datetime) -> None:
        """Let the clock worker say whose time has come, once what the world said is decided: always in this order."""
        self._timers.set(now)
        await self._until(lambda: self._quiet.nobody_waits(now))

    async def _settle(self) -> None:
        await self._until(self._quiet.nothing_under_way)

    async def _until(self, holds: Callable[[], bool]) -> None:
        since = time.monotonic()
        while not holds():
            for partition, record in await asyncio.to_thread(self._read):
                self._quiet.heard(partition, record)
            waited = time.monotonic() - since
            self.progress.waiting_for = tuple(self._quiet.under_way()) if waited > 5 else ()  # noqa: PLR2004 - seconds

    def _read(self) -> list[tuple[int, JournalRecord]]:
        return self._journal.read(0.05)

    async def _deliver(self, session: aiohttp.ClientSession, reports: list[Report]) -> None:
        for first in range(0, len(reports), CHUNK):
            chunk = reports[first : first + CHUNK]
            self._quiet.expect(await self._post(session, chunk))
            self._world.acknowledge([report.id for report in chunk])

    async def _post(self, session: aiohttp.ClientSession, reports: list[Report]) -> list[str]:
        """Call back until it is taken; the inbound adapter may be down for a while."""
        body = to_json([report.model_dump(mode="json") for report in reports])
        while True:
            try:
                async with session.post(f"{self._inbound}/reports", data=body) as answer:
                    self.heard_by_inbound = answer.status == 200  # noqa: PLR2004 - HTTP's OK
                    if self.heard_by_inbound:
                        return list((await answer.json())["said"])
                    log.error("reports refused", reason=str(answer.status), count=len(reports))
            except (aiohttp.ClientError, TimeoutError):
                self.heard_by_inbound = False
                log.warning("inbound adapter does not answer", count=len(reports))
            await asyncio.sleep(0.2)
