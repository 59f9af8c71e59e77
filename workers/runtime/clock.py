"""The programme's clock: the system's own, or one that a rehearsal moves forward in steps."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Tells the programme's time, in UTC."""

    def now(self) -> datetime:
        """The programme's time."""


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """The machine's time in UTC."""
        return datetime.now(UTC)


class SteppedClock:
    """A clock in a file, moved by the simulated world's coordinator and read by every worker."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        """The time last set."""
        return datetime.fromisoformat(self._path.read_text(encoding="ascii"))

    def set(self, at: datetime) -> None:
        """Move the clock, in one step that no reader sees half done."""
        beside = self._path.with_suffix(f".{os.getpid()}")
        beside.write_text(at.astimezone(UTC).isoformat(), encoding="ascii")
        beside.replace(self._path)


def clock_of(file: Path | None) -> Clock:
    """The rehearsal's clock where there is one, the machine's own otherwise."""
    return SteppedClock(file) if file else SystemClock()


def timers_beside(file: Path) -> Path:
    """The clock worker's own clock in a rehearsal: moved once all that the world said by then is decided."""
    return file.with_name("timers")
