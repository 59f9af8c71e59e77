"""One crew at a time: whoever runs a programme's workers, a rehearsal or `naadloos up`, holds its lock meanwhile."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from workers.runtime.language import _
from workers.runtime.settings import Settings
from workers.runtime.unable import UnableToError

SUFFIX: Final = ".lock"


class UnableToBeginError(UnableToError):
    """Another crew of this programme is running."""


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Nobody else runs workers of this programme meanwhile. Raises `UnableToBeginError`."""
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    with _file(settings).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UnableToBeginError(_taken(settings)) from None
        yield


def taken(settings: Settings) -> bool:
    """Whether somebody runs workers of this programme now."""
    try:
        with alone(settings):
            return False
    except UnableToBeginError:
        return True


def _file(settings: Settings) -> Path:
    return settings.state_dir / f"{settings.programme}{SUFFIX}"


def _taken(settings: Settings) -> str:
    return "\n".join(
        (
            _("Not started: workers of programme {programme} are running already.").format(
                programme=settings.programme
            ),
            _("Nothing was changed. Look at it:  naadloos status"),
            _("Or rehearse beside it:  NAADLOOS_PROGRAMME=another naadloos demo"),
        )
    )
