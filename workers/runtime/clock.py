"""The programme's clock: the system's own, or one that a rehearsal moves forward in steps."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from events.base import EARLIEST, LATEST
from workers.runtime.files import replaced
from workers.runtime.language import _
from workers.runtime.unable import UnableToError

OUTSIDE: Final = f"the clock stands before {EARLIEST} or after {LATEST}"
"""Why a worker ends whose words nobody could read (`events.base.in_a_programme`)."""


class Clock(Protocol):
    """Tells the programme's time, in UTC."""

    def now(self) -> datetime:
        """The programme's time."""


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """The machine's time in UTC."""
        return datetime.now(UTC)


class UnableToTellTimeError(UnableToError):
    """The file of a programme's clock is not there, or holds no time."""


class SteppedClock:
    """A clock in a file, moved by the simulated world's coordinator and read by every worker."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        """The time last set. Raises `UnableToTellTimeError`, which does not repeat what stands in the file."""
        try:
            return datetime.fromisoformat(self._path.read_text(encoding="ascii"))
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else None
            raise UnableToTellTimeError(_unread(self._path, why or _("no time stands in it"))) from None

    def set(self, at: datetime) -> None:
        """Move the clock, in one step that no reader sees half done."""
        replaced(self._path, at.astimezone(UTC).isoformat().encode("ascii"))


def clock_of(file: Path | None) -> Clock:
    """The rehearsal's clock where there is one, the machine's own otherwise."""
    return SteppedClock(file) if file else SystemClock()


def timers_beside(file: Path) -> Path:
    """The clock worker's own clock in a rehearsal: moved once all that the world said by then is decided."""
    return file.with_name("timers")


def _unread(path: Path, why: str) -> str:
    return "\n".join(
        (
            _("The programme's clock cannot be read from {path} ({why}). Nothing was done.").format(path=path, why=why),
            _("A rehearsal's clock comes back with its backup:  naadloos restore FILE"),
            _("A programme in real time has no such file:  unset NAADLOOS_CLOCK_FILE"),
        )
    )
