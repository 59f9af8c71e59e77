"""A worker alone in its container ends it with its own exit code, but for ends that another start would not mend."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from workers.runtime.ends import NEVER_AGAIN, End

WORKER = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print("works", flush=True)
if sys.argv[1] == "kill":
    signal.raise_signal(signal.SIGKILL)
time.sleep(0 if sys.argv[1] != "on" else 600)
sys.exit(int(sys.argv[1]))
"""


@contextmanager
def contained(folder: Path, word: str) -> Iterator[subprocess.Popen[str]]:
    """A container's first process, once the worker in it works; the word says how that ends."""
    (folder / "worker.py").write_text(WORKER)
    first = subprocess.Popen(
        [sys.executable, "-m", "workers.crew.contained", "worker", word],
        env={"PYTHONPATH": f"{folder}:{Path(__file__).parents[2]}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert first.stdout is not None
        assert first.stdout.readline() == "works\n"
        yield first
    finally:
        first.kill()
        first.communicate()


@pytest.mark.parametrize(("word", "code"), [("0", 0), ("70", End.ANEW), ("75", End.KAFKA_AWAY), ("kill", 137)])
def test_what_another_start_may_mend_ends_the_container(tmp_path: Path, word: str, code: int) -> None:
    with contained(tmp_path, word) as first:
        assert first.wait(30) == code


@pytest.mark.parametrize("code", sorted(NEVER_AGAIN))
def test_what_it_would_not_mend_stands_still_and_says_so_until_it_is_stopped(tmp_path: Path, code: int) -> None:
    with contained(tmp_path, str(int(code))) as first:
        assert first.stderr is not None
        told = json.loads(first.stderr.readline())
        assert (told["event"], told["reason"]) == ("not started again", f"exit {code}")
        assert first.poll() is None

        first.send_signal(signal.SIGTERM)

        assert first.wait(30) == code


def test_who_stops_the_container_stops_the_worker(tmp_path: Path) -> None:
    with contained(tmp_path, "on") as first:
        first.send_signal(signal.SIGTERM)

        assert first.wait(30) == 0
