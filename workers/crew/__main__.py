"""Run a programme's crew until SIGTERM: `python -m workers.crew [--deciders N] [--effects N]`."""

import argparse
import signal
import sys
import threading
from types import FrameType

from workers.crew.alone import alone
from workers.crew.duties import crew_of
from workers.crew.roll import State
from workers.crew.roll_call import on_roll
from workers.crew.supervisor import Supervisor
from workers.runtime.health import Health, serve
from workers.runtime.log import configure
from workers.runtime.settings import Settings, read_settings


def health_of(supervisor: Supervisor, settings: Settings) -> Health:
    """The supervisor's own health: it looks round, and all that it looks after run."""
    posts = supervisor.posts.values()
    return Health(
        "supervisor",
        lambda: {"workers": all(post.state is State.RUNNING for post in posts)},
        settings.health_stuck_seconds,
        supervisor.pulse,
    )


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
    with on_roll(settings, supervisor, door=serve(health_of(supervisor, settings), settings.health_port)):
        ending.wait()
    supervisor.stop()


if __name__ == "__main__":
    sys.exit(main())
