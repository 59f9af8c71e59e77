"""Run a programme's crew until SIGTERM: `python -m workers.crew [--deciders N] [--effects N]`."""

import argparse
import signal
import sys
import threading
import time
from shutil import disk_usage
from types import FrameType
from typing import Final

import structlog

from workers.crew.alone import alone
from workers.crew.duties import crew_of
from workers.crew.roll import Member, State, file_of, write
from workers.crew.supervisor import Post, Supervisor
from workers.runtime.health import Health, serve
from workers.runtime.log import configure
from workers.runtime.metrics import show
from workers.runtime.settings import Settings, read_settings

log: Final = structlog.get_logger()


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


def health_of(supervisor: Supervisor, settings: Settings) -> Health:
    """The supervisor's own health: it looks round, and all that it looks after run."""
    posts = supervisor.posts.values()
    return Health(
        "supervisor",
        lambda: {"workers": all(post.state is State.RUNNING for post in posts)},
        settings.health_stuck_seconds,
        supervisor.pulse,
    )


def _write_down(settings: Settings, supervisor: Supervisor, *, health: int | None) -> None:
    """How the crew stands is known to `ps`; a disk that takes nothing must not end the workers."""
    try:
        show("naadloos_disk_free_bytes", disk_usage(settings.state_dir).free)
        write(settings, tuple(member(post) for post in supervisor.posts.values()), health=health)
    except OSError as error:
        log.warning("not written down", because=error.strerror)


def main() -> int:
    """Start the crew, write down how it stands, and stop it on SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deciders", type=int, default=1)
    parser.add_argument("--effects", type=int, default=1)
    args = parser.parse_args()
    settings = read_settings()
    logs = settings.folder / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    configure(worker="supervisor", file=logs / "supervisor.log", level=settings.log_level)
    with alone(settings):
        _run(settings, Supervisor(crew_of(settings, deciders=args.deciders, effects=args.effects), logs=logs))
    return 0


def _run(settings: Settings, supervisor: Supervisor) -> None:
    ending = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        ending.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    supervisor.start()
    told = serve(health_of(supervisor, settings), settings.health_port)
    while not ending.wait(1.0):
        _write_down(settings, supervisor, health=settings.health_port if told.listens else None)
    supervisor.stop()
    file_of(settings).unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
