"""The ports that a crew will listen on: all of them are free before the first worker is started."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Final

from workers.crew.duties import Duty
from workers.runtime.language import _
from workers.runtime.ports import check_free, is_free
from workers.runtime.settings import Settings

PATIENCE: Final = 5.0
"""Seconds. Workers whose supervisor was killed a moment ago are ending too."""
OWN: Final = {"inbound": "NAADLOOS_INBOUND_PORT", "world": "NAADLOOS_WORLD_PORT"}
"""Workers whose port has a setting of its own; all others stand in a row from `NAADLOOS_HEALTH_PORT`."""


def check_ports(settings: Settings, crew: Iterable[Duty]) -> None:
    """Nobody else listens where these will. Raises `UnableToListenError`, which names who does and what to set."""
    wanted = {settings.health_port: "supervisor"}
    wanted |= {duty.health: duty.name for duty in crew if duty.health is not None}
    until = time.monotonic() + PATIENCE
    while not all(map(is_free, wanted)) and time.monotonic() < until:
        time.sleep(0.2)
    for port, name in wanted.items():
        what = _("Worker {name}").format(name=name)
        check_free(port, what=what, setting=OWN.get(name, "NAADLOOS_HEALTH_PORT"))
