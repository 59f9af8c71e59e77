"""Run one worker that is alone in its container: `python -m workers.crew.contained MODULE WORDS…`.

Whoever runs the container starts again what ends (`deploy/compose.yaml`), and cannot tell one exit code from another.
So a worker that another start would not mend leaves its container standing: nothing answers there, which makes it
unhealthy, until a person has looked and stops it.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Final

import structlog

from workers.runtime.ends import NEVER_AGAIN
from workers.runtime.log import configure

STOPS: Final = (signal.SIGTERM, signal.SIGINT)
BY_SIGNAL: Final = 128
"""What is added to a signal's number to make an exit code of it, as shells do."""
log = structlog.get_logger()


class Contained:
    """A worker's process, and whether it was told to stop."""

    def __init__(self) -> None:
        self._worker: subprocess.Popen[bytes] | None = None
        self._told = False

    def run(self, words: Sequence[str]) -> int:
        """Run `python -m` with these words to its end; its exit code, once there is a reason to end with it."""
        for sign in STOPS:  # first of all: the first process of a container does not hear what it has no handler for
            signal.signal(sign, self._stop)
        self._worker = subprocess.Popen([sys.executable, "-m", *words])
        if self._told:
            self._worker.terminate()
        code = self._worker.wait()
        if code in NEVER_AGAIN:
            self._stand_still(code)
        return code if code >= 0 else BY_SIGNAL - code

    def _stop(self, sign: int, _frame: FrameType | None) -> None:
        self._told = True
        if self._worker is not None:
            self._worker.send_signal(sign)

    def _stand_still(self, code: int) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
        if not self._told:
            log.critical("not started again", reason=f"exit {code}")
            signal.sigwait(STOPS)


def main() -> int:
    """Run the worker; its exit code."""
    configure(worker="supervisor")
    return Contained().run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
