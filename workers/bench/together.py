"""As many deciders as there are cores, at once, on one inbox: what a machine decides in a second, all in all.

Each is a process of its own (`python -m workers.bench.together NAME PARTITIONS`) that waits until it has its share of
the partitions, decides what comes, and tells when its first and its last decision fell, by the machine's own clock.
"""

import argparse
import os
import subprocess
import sys
import time
from typing import Final

from pydantic import BaseModel

from workers.bench.contenders import TimedDecider
from workers.bench.field import fill
from workers.bench.lives import Department, records
from workers.bench.report import Rate
from workers.bench.unable import UnableToMeasureError
from workers.runtime.clock import SystemClock
from workers.runtime.language import _
from workers.runtime.log import configure
from workers.runtime.settings import Settings, as_environment, read_settings
from workers.runtime.terms import terms_of

READY: Final = "ready"
SETTLED: Final = 6.0
"""Seconds for which a decider keeps its share before it says that it is ready: the group is at rest by then."""
OVER: Final = 4.0
"""Seconds without a record after which all is decided."""
PATIENCE: Final = 60.0
"""Seconds for which the first record is waited for."""


class Turn(BaseModel):
    """What one decider did; times by the machine's monotonic clock."""

    records: int
    began: float
    ended: float
    cpu_seconds: float


def together(settings: Settings, department: Department, most: int) -> Rate:
    """All of an inbox decided by one decider per core. Raises `UnableToMeasureError`."""
    members = min(os.cpu_count() or 1, settings.partitions)
    share = settings.partitions // members
    # Made beforehand: what it takes to make them is not to be taken from the deciders' cores.
    inbox = list(records(department, most=most, partitions=settings.partitions))
    deciders = [_started(settings, f"bench-{number}", share) for number in range(members)]
    try:
        for decider in deciders:
            if _line(decider) != READY:
                raise _unable(_("Not measured: a decider did not get its share of the partitions."))
        count = fill(settings, inbox)
        turns = [_turn_of(decider) for decider in deciders]
    finally:
        for decider in deciders:
            decider.kill()
            decider.wait()
    seconds = max(turn.ended for turn in turns) - min(turn.began for turn in turns)
    return Rate(records=count, seconds=seconds, cpu_seconds=sum(turn.cpu_seconds for turn in turns))


def _started(settings: Settings, name: str, share: int) -> "subprocess.Popen[str]":
    words = [sys.executable, "-m", "workers.bench.together", name, str(share)]
    environment = {**os.environ, **as_environment(settings)}
    return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def _turn_of(decider: "subprocess.Popen[str]") -> Turn:
    told = _line(decider)
    if not told:
        raise _unable(_("Not measured: a decider got nothing to decide, or ended."))
    return Turn.model_validate_json(told)


def _unable(why: str) -> UnableToMeasureError:
    return UnableToMeasureError(why + " " + _("Nothing was kept. Measure again:  naadloos bench --only deciding"))


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def turn(decider: TimedDecider) -> Turn:
    """Decide until nothing has come for a while. Raises `TimeoutError` when nothing ever comes."""
    began = ended = cpu_began = cpu_ended = 0.0
    saying, since = False, time.monotonic()
    while not ended or time.monotonic() < ended + OVER:
        if not ended and time.monotonic() > since + PATIENCE:
            raise TimeoutError
        before, cpu = time.monotonic(), time.process_time()
        decided = decider.step()
        if not decided and not saying:
            continue
        saying = decided > 0  # the last batch's commands go out in the step after it
        if not ended:
            began, cpu_began = before, cpu
        ended, cpu_ended = time.monotonic(), time.process_time()
    return Turn(records=decider.decided, began=began, ended=ended, cpu_seconds=cpu_ended - cpu_began)


def main() -> int:
    """One decider among others."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("partitions", type=int)
    args = parser.parse_args()
    settings = read_settings()
    configure(worker=args.name, level=settings.log_level)
    decider = TimedDecider(settings, terms_of(settings), SystemClock(), name=args.name, snapshots=None)
    since = time.monotonic()
    while time.monotonic() < since + SETTLED:
        decider.step()
        if decider.partitions != args.partitions:
            since = time.monotonic()
    print(READY, flush=True)  # noqa: T201 - what this process is for
    print(turn(decider).model_dump_json(), flush=True)  # noqa: T201 - as above
    decider.leave()
    return 0


if __name__ == "__main__":
    sys.exit(main())
