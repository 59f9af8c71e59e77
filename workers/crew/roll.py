"""How the crew stands: written by the supervisor once a second, read by `naadloos ps`."""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psutil
from pydantic import BaseModel, ConfigDict

from workers.runtime.files import replaced
from workers.runtime.language import marked
from workers.runtime.settings import Settings


class State(StrEnum):
    """How a worker is, to its supervisor."""

    RUNNING = marked("running")
    RESTARTING = marked("restarting")
    GIVEN_UP = marked("given up")


class Member(BaseModel):
    """One worker as its supervisor sees it."""

    model_config = ConfigDict(frozen=True)

    name: str
    pid: int | None
    state: State
    restarts: int
    last_exit: int | None
    health: int | None = None
    """The port on loopback where it tells how it is."""
    since: float | None = None
    """When its process was started; seconds since 1970."""


class Roll(BaseModel):
    """The supervisor and all its workers."""

    model_config = ConfigDict(frozen=True)

    pid: int
    began: float
    workers: tuple[Member, ...]
    health: int | None = None
    """The supervisor's own port."""
    rehearsal: bool = False
    """Whether the supervisor lives in a rehearsal's process, which tells nobody how it is."""


@dataclass(frozen=True)
class Crew:
    """A programme's crew, found by its file."""

    roll: Roll

    def alive(self) -> bool:
        """Whether the supervisor that wrote the file still runs. A process id alone is used again after a while."""
        try:
            process = psutil.Process(self.roll.pid)
            same = abs(process.create_time() - self.roll.began) < 2.0  # noqa: PLR2004 - seconds
            return same and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False


def file_of(settings: Settings) -> Path:
    """Where the crew is written down."""
    return settings.folder / "crew.json"


def find(settings: Settings) -> Crew | None:
    """The crew as last written down, whether or not it still runs."""
    try:
        return Crew(Roll.model_validate_json(file_of(settings).read_bytes()))
    except (OSError, ValueError):
        return None


def write(
    settings: Settings, workers: tuple[Member, ...], *, health: int | None = None, rehearsal: bool = False
) -> None:
    """Write the crew of this process down, in one step that no reader sees half done."""
    began = psutil.Process().create_time()
    roll = Roll(pid=os.getpid(), began=began, workers=workers, health=health, rehearsal=rehearsal)
    replaced(file_of(settings), roll.model_dump_json().encode())
