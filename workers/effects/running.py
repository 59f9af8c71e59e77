"""One process: the directory of people and one faust app per kind, until a signal comes."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, NoReturn

import mode
import structlog

from workers.effects.agents import Station
from workers.effects.breaker import Breakers
from workers.effects.parties import LONGEST_SECONDS, Parties
from workers.effects.people import PeopleFollowed
from workers.effects.settings import EffectSettings
from workers.runtime.ends import End
from workers.runtime.health import Health, Need, serve
from workers.runtime.health_routes import beating
from workers.runtime.metrics import breaker_is

Leave = Callable[[], Awaitable[None]]
"""Lets go of the connections to the counterparts."""


NAME: Final = "effects"
"""Of an effect worker to which its supervisor gave none."""
IDLE_SECONDS: Final = 20.0
"""Longer than any rebalance takes."""
EVERY_SECONDS: Final = 2.0
HANGS_SECONDS: Final = 120.0
"""Longer than the client's own time-outs, of which the longest is ninety seconds."""
log = structlog.get_logger()


class _Leaving(mode.Service):
    """Started first, so that it stops last."""

    def __init__(self, leave: Leave) -> None:
        self._leave = leave
        super().__init__()

    async def on_stop(self) -> None:
        await self._leave()


class _Told(mode.Service):
    """The loop's pulse, told with all else that is known of this process's health."""

    def __init__(self, health: Health, port: int) -> None:
        self._health = health
        self._port = port
        super().__init__()

    async def on_start(self) -> None:
        serve(self._health, self._port)
        self.add_future(beating(self._health.pulse))


async def _ending_at_a_crash(services: Sequence[mode.ServiceT], every: float = 1.0) -> None:
    """The process ends when a service of it has crashed: mode stops the others and leaves the process standing.

    A task of the loop's own, since mode stops its services' tasks with them.
    """
    while not any(service.crashed for service in services):  # noqa: ASYNC110 - mode tells it by a flag alone
        await asyncio.sleep(every)
    log.critical("a part of it crashed", count=sum(service.crashed for service in services))
    os._exit(End.ANEW)


class _Rejoining(mode.Service):
    """Ends the process when it is behind with one of its kinds and says nothing: another start reads anew.

    While it is at a portion, one command may take its whole time.

    Two faults of faust 0.15.3 make them stay away for ever. Its assignor leaves out a topic of which its client has no
    metadata just then, as after a broker's death. And a record that was fetched before a rebalance moves the read
    offset on after the seek back to the committed one, so that what lies between is taken for heard and dropped
    (`transport/consumer.py`, `_drain_messages`). There are never more effect processes than partitions.
    """

    def __init__(self, stations: Sequence[Station], clock: Callable[[], float] = time.monotonic) -> None:
        self._stations = stations
        self._clock = clock
        self._moved: dict[str, tuple[float, int]] = {}
        super().__init__()

    async def on_start(self) -> None:
        """Its patience begins now: those started before it, one of which reads the whole directory, had their time."""
        self._moved = {station.kind: (self._clock(), station.said) for station in self._stations}
        self.add_future(self._watch())

    async def _watch(self) -> None:
        await self.sleep(EVERY_SECONDS)
        while not self.should_stop:
            await self.look()
            await self.sleep(EVERY_SECONDS)

    async def look(self) -> None:
        """Whoever moved is known to have moved; who has not for too long ends the process."""
        for station in self._stations:
            since, said = self._moved[station.kind]
            if station.said != said or not await self._behind(station):
                self._moved[station.kind] = self._clock(), station.said
            elif self._clock() - since > _most(station):
                log.critical("commands stay away", kind=station.kind, seconds=IDLE_SECONDS)
                os._exit(End.ANEW)

    @staticmethod
    async def _behind(station: Station) -> bool:
        try:
            return await asyncio.wait_for(station.behind(), HANGS_SECONDS)
        except TimeoutError:  # `asyncio`'s own: the client neither answers nor fails
            return True
        except Exception:  # noqa: BLE001 - Kafka is away: then commands stay away from everybody, and will come back
            return False


def _most(station: Station) -> float:
    """So many seconds it may say nothing."""
    return IDLE_SECONDS + (LONGEST_SECONDS if station.working else 0)


def _needs(stations: Sequence[Station], breakers: Breakers) -> Mapping[Need, bool]:
    """What it needs, and whether it has it; on the way whoever looks sees the breakers as they are by now."""
    states = breakers.states()
    for party, state in states.items():
        breaker_is(party, state)
    return {
        "partitions": all(station.has_partitions for station in stations),
        "counterpart": "open" not in states.values(),
    }


def run(
    kinds: Sequence[str],
    settings: EffectSettings,
    *,
    name: str = NAME,
    parties: Parties,
    people: PeopleFollowed,
    leave: Leave,
) -> NoReturn:
    """Take commands of these kinds and answer them. Ends the process: 0 after SIGTERM or SIGINT, 70 on the unforeseen.

    The directory is read to its end before the first command is taken; `leave` is called after the last.
    """
    # faust makes a directory of its own in it, and its parents must be there.
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    stations = [Station(kind, settings, parties=parties) for kind in kinds]
    health = Health(name, lambda: _needs(stations, parties.breakers), settings.health_stuck_seconds)
    told = _Told(health, settings.health_port)
    services = [_Leaving(leave), told, people, *(station.app for station in stations), _Rejoining(stations)]
    worker = mode.Worker(*services, loop=loop, override_logging=False, redirect_stdouts=False, quiet=True)
    _watching = loop.create_task(_ending_at_a_crash(services))  # noqa: RUF006 - this name holds it till the process ends
    worker.execute_from_commandline()
