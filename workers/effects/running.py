"""One process: the directory of people and one faust app per kind, until a signal comes."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import NoReturn

import mode

from workers.effects.agents import Desk
from workers.effects.crew import Crew
from workers.effects.directory import Directory
from workers.effects.settings import EffectSettings

Leave = Callable[[], Awaitable[None]]
"""Lets go of the connections to the counterparts."""


class _Leaving(mode.Service):
    """Started first, so that it stops last."""

    def __init__(self, leave: Leave) -> None:
        self._leave = leave
        super().__init__()

    async def on_stop(self) -> None:
        await self._leave()


def run(kinds: Sequence[str], settings: EffectSettings, *, crew: Crew, directory: Directory, leave: Leave) -> NoReturn:
    """Take commands of these kinds and answer them. Ends the process: 0 after SIGTERM or SIGINT, 70 on the unforeseen.

    The directory is read to its end before the first command is taken; `leave` is called after the last.
    """
    # faust makes a directory of its own in it, and its parents must be there.
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    desks = [Desk(kind, settings, crew=crew) for kind in kinds]
    services = [_Leaving(leave), directory, *(desk.app for desk in desks)]
    worker = mode.Worker(*services, loop=loop, override_logging=False, redirect_stdouts=False, quiet=True)
    worker.execute_from_commandline()
