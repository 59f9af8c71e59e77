"""The roll of a crew, written down once a second while the crew runs, so that `ps` shows it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from shutil import disk_usage
from typing import Final

import structlog

from workers.crew.roll import Member, file_of, write
from workers.crew.supervisor import Post, Supervisor
from workers.runtime.health import Endpoint
from workers.runtime.metrics import show
from workers.runtime.settings import Settings

EVERY: Final = 1.0
"""Seconds."""
log: Final = structlog.get_logger()


@contextmanager
def on_roll(settings: Settings, supervisor: Supervisor, *, door: Endpoint | None) -> Iterator[None]:
    """Meanwhile `ps` shows these workers. `door` is where their supervisor tells how it is; a rehearsal has none."""
    over = threading.Event()

    def write_down() -> None:
        while not over.wait(EVERY):
            written_down(settings, supervisor, door=door)

    writing = threading.Thread(target=write_down, name="roll", daemon=True)
    writing.start()
    try:
        yield
    finally:
        over.set()
        writing.join()
        file_of(settings).unlink(missing_ok=True)


def written_down(settings: Settings, supervisor: Supervisor, *, door: Endpoint | None) -> None:
    """How the crew stands is known to `ps`; a disk that takes nothing must not end the workers."""
    try:
        show("naadloos_disk_free_bytes", disk_usage(settings.state_dir).free)
        members = tuple(member(post) for post in supervisor.posts.values())
        health = settings.health_port if door is not None and door.listens else None
        write(settings, members, health=health, rehearsal=door is None)
    except OSError as error:
        log.warning("not written down", because=error.strerror)


def member(post: Post) -> Member:
    """One worker as it is now."""
    running = post.process is not None and post.process.poll() is None
    return Member(
        name=post.duty.name,
        pid=post.process.pid if running and post.process else None,
        state=post.state,
        restarts=post.restarts,
        last_exit=post.exits[-1] if post.exits else None,
        health=post.duty.health,
        since=time.time() - (time.monotonic() - post.started) if running else None,
    )
