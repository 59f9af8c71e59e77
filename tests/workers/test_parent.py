"""A worker does not outlive its supervisor, however early that one ends."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from workers.runtime.parent import SUPERVISED

WORKS = "from workers.runtime.parent import end_with_supervisor; end_with_supervisor(); print('works')"
linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux tells a process of its parent's end"
)


def worked(**supervised: str) -> subprocess.CompletedProcess[str]:
    there = {name: value for name, value in os.environ.items() if name != SUPERVISED}
    return subprocess.run(
        [sys.executable, "-c", WORKS], env=there | supervised, capture_output=True, text=True, check=False
    )


@linux
def test_a_worker_whose_supervisor_was_gone_before_it_looked_does_not_begin() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()

    ended = worked(**{SUPERVISED: str(gone.pid)})

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


@linux
def test_a_worker_whose_supervisor_is_there_works() -> None:
    assert worked(**{SUPERVISED: str(os.getpid())}).stdout == "works\n"


def test_a_worker_that_was_started_by_hand_works() -> None:
    assert worked().stdout == "works\n"
