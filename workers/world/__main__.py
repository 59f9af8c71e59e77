"""Run the simulated world with its coordinator: `python -m workers.world DIRECTORY --until TIME [--truth FILE]`."""

import argparse
import asyncio
import signal
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from aiohttp import web
from pydantic_core import to_json

from workers.journal.reading import Journal, chains_of
from workers.runtime.away import ending_when_away
from workers.runtime.clock import SteppedClock, timers_beside
from workers.runtime.health import Health
from workers.runtime.health_routes import add_health, beating
from workers.runtime.log import configure
from workers.runtime.parent import end_with_supervisor
from workers.runtime.settings import Settings, read_settings
from workers.world.coordinator import Coordinator
from workers.world.server import Door, World


class RunDoor:
    """The rehearsal's own door: start it, and ask how far it is."""

    def __init__(self, coordinator: Coordinator, world: World) -> None:
        self._coordinator = coordinator
        self._world = world

    async def start(self, _: web.Request) -> web.Response:
        """Let time begin."""
        self._coordinator.start()
        return await self.progress(_)

    async def progress(self, _: web.Request) -> web.Response:
        """How far the rehearsal is."""
        progress = replace(self._coordinator.progress, counts=self._world.counts())
        return web.Response(body=to_json(progress), content_type="application/json")


async def serve(settings: Settings, directory: Path, *, until: datetime, truth: Path | None) -> None:
    """Listen on loopback and step through time until SIGTERM."""
    assert settings.clock_file is not None, "a simulated world needs NAADLOOS_CLOCK_FILE"
    world = World(directory, truth_log=truth)
    clock = SteppedClock(settings.clock_file)
    coordinator = Coordinator(
        world,
        Journal(settings, chains_of(settings)),
        clock=clock,
        timers=SteppedClock(timers_beside(settings.clock_file)),
        inbound=f"http://127.0.0.1:{settings.inbound_port}",
        horizon=until,
        folder=directory,
    )
    application = Door(world, clock, no_reply_seconds=0.05).application()
    door = RunDoor(coordinator, world)
    application.router.add_post("/run", door.start)
    application.router.add_get("/run", door.progress)
    health = Health("world", lambda: {"inbound": coordinator.heard_by_inbound}, settings.health_stuck_seconds)
    add_health(application, health)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", settings.world_port).start()
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    running = asyncio.create_task(coordinator.run())
    turning = asyncio.create_task(beating(health.pulse))
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait([stopped, running], return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        running.result()
        await stopped
    turning.cancel()
    await runner.cleanup()
    world.close()


def main() -> int:
    """Run until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--until", type=datetime.fromisoformat, required=True)
    parser.add_argument("--truth", type=Path)
    args = parser.parse_args()
    settings = read_settings()
    end_with_supervisor()
    configure(worker="world", level=settings.log_level)
    with ending_when_away():
        asyncio.run(serve(settings, args.directory, until=args.until, truth=args.truth))
    return 0


if __name__ == "__main__":
    sys.exit(main())
