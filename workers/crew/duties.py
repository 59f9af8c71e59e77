"""Which processes make up a running programme: few enough for two cores, and more of some may be added."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workers.runtime.clock import timers_beside
from workers.runtime.settings import Settings, as_environment


@dataclass(frozen=True)
class Duty:
    """One process: its name, what it runs, and what it finds in its environment."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


def _python(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", *words)


def duties(settings: Settings, *, deciders: int = 1, effects: int = 1) -> tuple[Duty, ...]:
    """The processes of a programme that speaks to real providers, or to a world started beside it."""
    shared = as_environment(settings)
    timers = {"NAADLOOS_CLOCK_FILE": str(timers_beside(settings.clock_file))} if settings.clock_file else {}
    return (
        *(Duty(f"decider-{n}", _python("workers.journal", f"decider-{n}"), shared) for n in range(1, deciders + 1)),
        *(
            Duty(f"effects-{n}", _python("workers.effects", "--kinds", "porting,dispatch,cutover,messages"), shared)
            for n in range(1, effects + 1)
        ),
        Duty("inbound", _python("workers.inbound"), shared),
        Duty("clock", _python("workers.clock"), {**shared, **timers}),
    )


def world_duty(settings: Settings, folder: Path, *, until: str, truth: Path) -> Duty:
    """The simulated world with its coordinator."""
    command = _python("workers.world", str(folder), "--until", until, "--truth", str(truth))
    return Duty("world", command, as_environment(settings))
