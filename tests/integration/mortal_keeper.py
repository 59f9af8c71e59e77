"""A backup or restore that is killed: `python mortal_keeper.py backup|restore FILE PORTIONS [PREFIX]`.

It kills itself, as `kill -9` would, once so many portions of a few records are written. Settings as always.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from workers.crew.alone import unfinished
from workers.keeping import live, restore
from workers.keeping.backup import backup
from workers.keeping.beforehand import standing, target_of
from workers.keeping.opening import opened
from workers.runtime.clock import clock_of
from workers.runtime.settings import read_settings

FEW = 10


class Mortal:
    """Hears so many portions and dies."""

    def __init__(self, portions: int) -> None:
        self._left = portions

    def __call__(self, _topic: str, _count: int) -> None:
        self._left -= 1
        if self._left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


def main(what: str, path: Path, portions: int, prefix: str | None) -> None:
    live.PORTION = restore.PORTION = FEW  # type: ignore[misc,attr-defined]
    settings, mortal = read_settings(), Mortal(portions)
    if what == "backup":
        backup(path, settings, now=clock_of(settings.programme_clock).now, say=mortal)
        return
    with opened(path) as file:
        target = target_of(settings, file, prefix)
        target.folder.mkdir(parents=True, exist_ok=True)
        unfinished(target).touch()
        restore.restore(target, file, standing(target, file), say=mortal)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4] if len(sys.argv) > 4 else None)
