"""Run a decider: `python -m workers.journal NAME`. The name is its own for life, so that a restart is no rebalance."""

import sys

from workers.journal.belonging import UnableToBelongError
from workers.journal.decider import Decider
from workers.runtime.clock import clock_of
from workers.runtime.ends import End
from workers.runtime.health import Health
from workers.runtime.log import configure
from workers.runtime.looping import run_until_told
from workers.runtime.parent import end_with_supervisor
from workers.runtime.settings import read_settings
from workers.runtime.terms import terms_of


def main(name: str) -> int:
    """Run until SIGTERM."""
    settings = read_settings()
    end_with_supervisor()
    configure(worker=name, level=settings.log_level)
    clock = clock_of(settings.programme_clock)
    decider = Decider(settings, terms_of(settings), clock, name=name, snapshots=settings.snapshots_dir)
    health = Health(name, lambda: {"partitions": decider.has_partitions}, settings.health_stuck_seconds, decider.pulse)
    try:
        return run_until_told(decider, health, settings.health_port)
    except UnableToBelongError as anothers:
        sys.stderr.write(f"{anothers}\n")
        return End.UNABLE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "decider-1"))
