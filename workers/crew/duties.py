"""Which processes make up a running programme: few enough for two cores, and more of some may be added."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from workers.runtime.clock import timers_beside
from workers.runtime.settings import Settings, as_environment
from workers.world.setup import FILE, WorldSetup


@dataclass(frozen=True)
class Duty:
    """One process: its name, what it runs, and what it finds in its environment."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    health: int | None = None
    """The port on loopback where it tells how it is."""


def _python(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", *words)


def duties(settings: Settings, *, deciders: int = 1, effects: int = 1) -> tuple[Duty, ...]:
    """The processes of a programme that speaks to real providers, or to a world started beside it."""
    timers = {"NAADLOOS_CLOCK_FILE": str(timers_beside(settings.clock_file))} if settings.clock_file else {}
    # Whatever the environment says: in a rehearsal nobody real gets a letter.
    mails = {"NAADLOOS_POST": "outbox"} if settings.clock_file else {}
    ports = count(settings.health_port + 1)
    kinds = ("--kinds", "porting,dispatch,cutover,messages")
    # The clock first: it knows most, and its place does not move with the number of others.
    clock = _told_at(Duty("clock", _python("workers.clock"), {**as_environment(settings), **timers}), next(ports))
    numbered = (
        *((f"decider-{n}", _python("workers.journal", f"decider-{n}"), {}) for n in range(1, deciders + 1)),
        *(
            (f"effects-{n}", _python("workers.effects", *kinds, "--name", f"effects-{n}"), mails)
            for n in range(1, effects + 1)
        ),
    )
    own = as_environment(settings)
    return (
        *(_told_at(Duty(name, command, {**own, **more}), next(ports)) for name, command, more in numbered),
        Duty("inbound", _python("workers.inbound"), as_environment(settings), settings.inbound_port),
        clock,
        _told_at(Duty("monitor", _python("workers.promises"), own), next(ports)),
    )


def _told_at(duty: Duty, port: int) -> Duty:
    """The duty with a port of its own for telling how it is."""
    return replace(duty, environment={**duty.environment, "NAADLOOS_HEALTH_PORT": str(port)}, health=port)


def world_duty(settings: Settings, folder: Path, *, until: str, truth: Path) -> Duty:
    """The simulated world with its coordinator."""
    command = _python("workers.world", str(folder), "--until", until, "--truth", str(truth))
    return Duty("world", command, as_environment(settings), settings.world_port)


def crew_of(settings: Settings, *, deciders: int, effects: int) -> tuple[Duty, ...]:
    """The duties of this programme; a rehearsal's world is one of them."""
    crew = duties(settings, deciders=deciders, effects=effects)
    folder = settings.folder / "world"
    if settings.clock_file is None or not (folder / FILE).exists():
        return crew
    return (*crew, world_duty(settings, folder, until=_end_of(folder), truth=settings.folder / "world.jsonl"))


def _end_of(folder: Path) -> str:
    """A rehearsal that is taken up again stands still: nothing is due before it began."""
    return WorldSetup.load(folder).starts.isoformat()
