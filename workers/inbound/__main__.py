"""Run the inbound adapter: `python -m workers.inbound`.

Call-backs come to `POST /reports`, a JSON list of reports, oldest first.
"""

import asyncio
import signal
import sys

import structlog
from aiohttp import web
from pydantic import ValidationError
from pydantic_core import to_json

from events.base import in_a_programme
from workers.inbound.intake import Intake
from workers.inbound.unrouted import Unrouted
from workers.journal.reading import Journal, chains_of
from workers.providers.reports import REPORTS
from workers.runtime.away import ending_when_away
from workers.runtime.clock import OUTSIDE, clock_of
from workers.runtime.ends import End
from workers.runtime.health import Health, Pulse
from workers.runtime.health_routes import add_health
from workers.runtime.log import configure
from workers.runtime.parent import end_with_supervisor
from workers.runtime.saying import Inbox, UnableToShortenError
from workers.runtime.settings import Settings, read_settings

log = structlog.get_logger()


def intake_of(settings: Settings) -> Intake:
    """The intake of this programme."""
    return Intake(
        programme=settings.programme,
        journal=Journal(settings, chains_of(settings), patient=True),
        inbox=Inbox(settings),
        clock=clock_of(settings.programme_clock),
        unrouted=Unrouted(settings.folder / "unrouted.json"),
    )


class Door:
    """The HTTP door of the intake."""

    def __init__(self, intake: Intake, pulse: Pulse) -> None:
        self._intake = intake
        self._pulse = pulse
        self._turn = asyncio.Lock()

    async def reports(self, request: web.Request) -> web.Response:
        """200 with the ids said, once they are durable; 400 for what is no list of reports: nothing of it was taken."""
        try:
            reports = REPORTS.validate_json(await request.read())
        except ValidationError as error:
            log.warning("reports refused", reason=" ".join(sorted({each["type"] for each in error.errors()})))
            where = [".".join(map(str, each["loc"])) + ": " + each["type"] for each in error.errors()[:10]]
            return _json({"error": "not a list of reports; nothing was taken", "where": where}, status=400)
        try:
            async with self._turn:
                said = await asyncio.to_thread(self._intake.take, reports)
        except UnableToShortenError as unable:
            log.warning("reports refused", reason="too_long")
            return _json({"error": str(unable).partition("\n")[0] + " Nothing was taken."}, status=400)
        return _json({"said": said})

    async def follow(self) -> None:
        """Keep the directory up to the journal, and offer what matched nobody again."""
        while True:
            await asyncio.sleep(0.2)
            async with self._turn:
                await asyncio.to_thread(self._intake.follow)
                await asyncio.to_thread(self._intake.offer_again)
            self._pulse.beat()


def _json(value: object, *, status: int = 200) -> web.Response:
    return web.Response(body=to_json(value), status=status, content_type="application/json")


async def serve(settings: Settings) -> None:
    """Listen on loopback until SIGTERM."""
    # The intake has read the journal to its end once it is there, so whoever is let in finds it ready.
    health = Health("inbound", lambda: {"journal": True}, settings.health_stuck_seconds)
    door = Door(await asyncio.to_thread(intake_of, settings), health.pulse)
    application = web.Application(client_max_size=64 * 2**20)
    application.router.add_post("/reports", door.reports)
    add_health(application, health)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", settings.inbound_port).start()
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    following = asyncio.create_task(door.follow())
    await asyncio.wait([asyncio.create_task(stop.wait()), following], return_when=asyncio.FIRST_COMPLETED)
    await runner.cleanup()
    if following.done():
        following.result()


def main() -> int:
    """Run until SIGTERM; not at all by a clock outside a programme's years, since nobody could read what is said."""
    settings = read_settings()
    end_with_supervisor()
    configure(worker="inbound", level=settings.log_level)
    if not in_a_programme(clock_of(settings.programme_clock).now()):
        log.error("inbound ended", because=OUTSIDE)
        return End.PERSON_FIRST
    with ending_when_away():
        asyncio.run(serve(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
