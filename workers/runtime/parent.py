"""A worker does not outlive its supervisor: nobody would look after it, and its ports would stay taken."""

import ctypes
import os
import signal
import sys
from typing import Final

PR_SET_PDEATHSIG: Final = 1
SUPERVISED: Final = "NAADLOOS_SUPERVISED"
"""Set by the supervisor for the processes it starts: its own process id. A worker started by hand lives on."""


def end_with_supervisor() -> None:
    """Have the kernel end this process (SIGTERM) when its supervisor ends, however it ends. Linux only."""
    supervisor = os.environ.get(SUPERVISED)
    if supervisor is None or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if str(os.getppid()) != supervisor:  # it ended before the kernel was asked, perhaps before this process ran at all
        sys.exit(0)
