"""Where the embedded Kafka keeps things, and the lock that lets one process at a time change them."""

from __future__ import annotations

import errno
import fcntl
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workers.runtime.language import _
from workers.runtime.settings import Settings
from workers.runtime.unable import UnableToError

PINNED = Path(__file__).parent / "pinned"
"""The pinned Maven artifacts and the logging set-up; beside the code, so that a wheel holds them too."""
POM = PINNED / "pom.xml"


class UnableToKeepKafkaError(UnableToError):
    """The place where Kafka keeps its data cannot be used: full, or not ours to write in."""


def kafka_version() -> str:
    """The version that `pinned/pom.xml` pins, for instance `4.3.1`."""
    found = re.search(r"<kafka\.version>([0-9.]+)</kafka\.version>", POM.read_text(encoding="utf-8"))
    if found is None:
        raise UnableToKeepKafkaError(
            _("Kafka not started: {file} names no kafka.version. Put it back:  git checkout {file}").format(file=POM)
        )
    return found[1]


def data_dir(settings: Settings) -> Path:
    """Where the broker keeps records; it exists only when it was formatted whole."""
    return settings.kafka_dir / "data"


def logs_dir(settings: Settings) -> Path:
    """Where the broker writes what happened to it."""
    return settings.kafka_dir / "logs"


def log_files(settings: Settings) -> tuple[Path, Path]:
    """The broker's own log, and what Java said before or beside it."""
    return logs_dir(settings) / "kafka.log", logs_dir(settings) / "java.log"


def make_places(settings: Settings) -> None:
    """The directories are there, or the reason is told."""
    try:
        logs_dir(settings).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnableToKeepKafkaError(unwritable(settings.kafka_dir, error)) from error


def free_mb(settings: Settings) -> int:
    """MB left on the disk where the broker keeps its data."""
    return shutil.disk_usage(settings.kafka_dir).free // 2**20


def check_room(settings: Settings) -> None:
    """The disk has the room that a broker is given at least, or the lack of it is told."""
    left = free_mb(settings)
    if left < settings.kafka_min_free_mb:
        full = _("Kafka not started: the disk of {place} has {left} MB left, and Kafka is given at least {least} MB.")
        move = _(
            "Nothing was written. Make room, or keep the state on another disk:  "
            "export NAADLOOS_STATE_DIR=/path/with/room"
        )
        told = full.format(place=settings.kafka_dir, left=left, least=settings.kafka_min_free_mb)
        raise UnableToKeepKafkaError(f"{told}\n{move}")


def unwritable(path: Path, error: OSError) -> str:
    """Why nothing could be written at the path, and what to type."""
    why = _("the disk is full") if error.errno == errno.ENOSPC else (error.strerror or type(error).__name__)
    return (
        _("Kafka not started: {path} cannot be written: {why}.").format(path=path, why=why)
        + "\n"
        + _("Keep the state somewhere else:  export NAADLOOS_STATE_DIR=/path/with/room")
    )


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Whoever comes second waits until the first is done. The system lets go of the lock when its holder dies."""
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        handle = lock.open("w", encoding="utf-8")
    except OSError as error:
        raise UnableToKeepKafkaError(unwritable(lock.parent, error)) from error
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
