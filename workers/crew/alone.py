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

    kind = "forbidden"


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Nobody else runs workers of this programme meanwhile, and it is whole. Raises `UnableToBeginError`."""
    with locked(settings):
        refuse_half_restored(settings)  # not before: a restore holds the lock from before its marker to after its end
        yield


@contextmanager
def locked(settings: Settings) -> Iterator[None]:
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
        with locked(settings):
            return False
    except UnableToBeginError:
        return True


def running(settings: Settings) -> list[str]:
    """The programmes of this state directory whose workers run now."""
    named = sorted(file.stem for file in settings.state_dir.glob(f"*{SUFFIX}"))
    return [name for name in named if taken(settings.model_copy(update={"programme": name}))]


def refuse_half_restored(settings: Settings) -> None:
    """Raises `UnableToBeginError` while a restore of these topics is begun and not ended."""
    if (marker := unfinished(settings)).exists():
        raise UnableToBeginError(_half_restored(settings, marker))


def unfinished(settings: Settings) -> Path:
    """The file that stands there while a restore of these topics is begun and not ended."""
    return settings.folder / "restoring"


def _half_restored(settings: Settings, marker: Path) -> str:
    return "\n".join(
        (
            _("Not started: a restore into topics {prefix} was begun and not ended.").format(
                prefix=settings.topic_prefix
            ),
            _("Workers would decide on half of what was known. Nothing was changed."),
            _("End it:  naadloos restore FILE --into {prefix} --go   Or, to give the topics up:  rm {marker}").format(
                prefix=settings.topic_prefix, marker=marker
            ),
        )
    )


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
