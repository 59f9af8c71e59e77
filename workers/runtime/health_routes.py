"""The pages of `workers.runtime.health` in a process with an event loop: on its own door, with the loop's pulse."""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import web

from workers.runtime.health import PATHS, Health, Pulse

BEAT_SECONDS: Final = 1.0


def add_health(application: web.Application, health: Health) -> None:
    """The application answers `/live`, `/ready`, `/health` and `/metrics`."""

    async def answer(request: web.Request) -> web.Response:
        status, content_type, body = health.answer(request.path)
        return web.Response(status=status, body=body, headers={"Content-Type": content_type})

    for path in PATHS:
        application.router.add_get(path, answer)


async def beating(pulse: Pulse) -> None:
    """The pulse of an event loop that has no loop of its own to beat it: a loop that is blocked misses its beats."""
    while True:
        pulse.beat()
        await asyncio.sleep(BEAT_SECONDS)
