"""One crew at a time: whoever runs a programme's workers, a rehearsal or `naadloos up`, holds its lock meanwhile.

A programme has one lock, whatever its topics are; who has taken it, and for which of them, stands in the lock's file.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Final

import psutil
from pydantic import BaseModel, ConfigDict

from workers.runtime.language import _, marked
from workers.runtime.settings import Settings
from workers.runtime.unable import UnableToError

SUFFIX: Final = ".lock"
BESIDE: Final = 100
"""So far from this programme's ports are those that another is offered."""


class UnableToBeginError(UnableToError):
    """Another crew of this programme is running."""

    kind = "forbidden"


class Work(StrEnum):
    """For what somebody takes a programme."""

    WORKERS = "workers"
    REHEARSAL = "rehearsal"
    RESTORE = "restore"


class Taker(BaseModel):
    """Who has taken a programme, for what, and by which topics."""

    model_config = ConfigDict(frozen=True)

    pid: int
    work: Work
    prefix: str
    """Of the topics."""


ALREADY: Final[Mapping[Work, str]] = {
    Work.WORKERS: marked("Not started: workers of programme {programme} are running already."),
    Work.REHEARSAL: marked("Not started: a rehearsal of {programme} is running already."),
    Work.RESTORE: marked("Not started: programme {programme} is being restored."),
}
"""Why nobody else begins."""


@contextmanager
def alone(settings: Settings, work: Work = Work.WORKERS) -> Iterator[None]:
    """Nobody else runs workers of this programme meanwhile, and it is whole. Raises `UnableToBeginError`."""
    with locked(settings, work):
        refuse_half_restored(settings)  # not before: a restore holds the lock from before its marker to after its end
        yield


@contextmanager
def locked(settings: Settings, work: Work = Work.WORKERS) -> Iterator[None]:
    """Nobody else runs workers of this programme meanwhile. Raises `UnableToBeginError`."""
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    with _file(settings).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UnableToBeginError(_taken(settings, _signed(settings))) from None
        lock.truncate(0)  # whoever was killed left its name there
        with suppress(OSError):  # a disk that takes no name keeps nobody from work
            sign(settings, work)
        try:
            yield
        finally:
            lock.truncate(0)


def sign(settings: Settings, work: Work) -> None:
    """Whoever asks is told that this process, which has the lock, took the programme for this, by these topics."""
    taker = Taker(pid=os.getpid(), work=work, prefix=settings.topic_prefix)
    _file(settings).write_text(taker.model_dump_json(), encoding="utf-8")


def taker_of(settings: Settings) -> Taker | None:
    """Who has taken this programme now; None where nobody has."""
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    with _file(settings).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _signed(settings)
    return None


def taken(settings: Settings) -> bool:
    """Whether somebody runs workers of this programme now."""
    return taker_of(settings) is not None


def _signed(settings: Settings) -> Taker:
    """Who has the lock. Whoever has not signed yet passes for one who starts workers.

    What stands there may be of somebody who was killed: it is not told of whoever came after.
    """
    try:
        taker = Taker.model_validate_json(_file(settings).read_bytes())
    except ValueError:
        taker = None
    if taker is None or not psutil.pid_exists(taker.pid):
        return Taker(pid=0, work=Work.WORKERS, prefix=settings.topic_prefix)
    return taker


def running(settings: Settings) -> list[str]:
    """The programmes of this state directory whose workers run now."""
    named = sorted(file.stem for file in settings.state_dir.glob(f"*{SUFFIX}"))
    return [name for name in named if taken(settings.model_copy(update={"programme": name}))]


def refuse_half_restored(settings: Settings) -> None:
    """Raises `UnableToBeginError` while a restore of these topics is begun and not ended."""
    if (marker := unfinished(settings)).exists():
        raise UnableToBeginError(_half_restored(settings, marker))


def told_half_restored(settings: Settings) -> str:
    """What whoever only reads these topics is told first while a restore of them is not ended; empty where none is."""
    if not unfinished(settings).exists():
        return ""
    told = _(
        "This is half a programme: a restore into topics {prefix} was begun and not ended. End it:  "
        "naadloos restore FILE --into {prefix} --go"
    )
    return told.format(prefix=settings.topic_prefix)


def unfinished(settings: Settings) -> Path:
    """The file that stands there while a restore of these topics is begun and not ended."""
    return settings.folder / "restoring"


def _half_restored(settings: Settings, marker: Path) -> str:
    return "\n".join(
        (
            _("Not done: a restore into topics {prefix} was begun and not ended.").format(prefix=settings.topic_prefix),
            _(
                "Half of what was known would pass for the whole, and what is said now would stand where the rest "
                "belongs. Nothing was changed."
            ),
            _("End it:  naadloos restore FILE --into {prefix} --go   Or, to give the topics up:  rm {marker}").format(
                prefix=settings.topic_prefix, marker=marker
            ),
        )
    )


def _file(settings: Settings) -> Path:
    return settings.state_dir / f"{settings.programme}{SUFFIX}"


def _taken(settings: Settings, by: Taker) -> str:
    return "\n".join(
        (
            _(ALREADY[by.work]).format(programme=settings.programme),
            _("Nothing was changed. See who:  naadloos ps"),
            _(
                "Or rehearse beside it, at ports of its own:  NAADLOOS_PROGRAMME=another "
                "NAADLOOS_INBOUND_PORT={inbound} NAADLOOS_WORLD_PORT={world} NAADLOOS_HEALTH_PORT={health} "
                "naadloos demo"
            ).format(
                inbound=settings.inbound_port + BESIDE,
                world=settings.world_port + BESIDE,
                health=settings.health_port + BESIDE,
            ),
        )
    )
