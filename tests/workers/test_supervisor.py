"""Processes that are watched: started again when they end unasked, given up when that does not help, surely stopped."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from workers.crew import supervisor
from workers.crew.duties import Duty
from workers.crew.roll import State, find
from workers.crew.roll_call import written_down
from workers.crew.supervisor import Post, Supervisor
from workers.runtime.ends import End
from workers.runtime.settings import Settings

PATIENCE = 30
ROOT = Path(__file__).parents[2]
SLEEPS = "import time; time.sleep(600)"
DEAF = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).touch()
time.sleep(600)
"""


def python(name: str, code: str, *words: str, **environment: str) -> Duty:
    return Duty(name, (sys.executable, "-c", code, *words), environment)


@contextmanager
def supervised(folder: Path, *duties: Duty, seconds: float = 10) -> Iterator[Supervisor]:
    crew = Supervisor(duties, logs=folder / "logs")
    crew.start()
    try:
        yield crew
    finally:
        crew.stop(seconds=seconds)


def until(holds: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.02)


def pid_of(post: Post) -> int:
    assert post.process is not None
    return post.process.pid


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two more tries, and hardly a pause between them."""
    monkeypatch.setattr(supervisor, "TRIES", 2)
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE", 0.05)


def test_a_worker_that_is_killed_is_started_again(tmp_path: Path) -> None:
    with supervised(tmp_path, python("one", SLEEPS)) as crew:
        post = crew.posts["one"]
        first = pid_of(post)
        os.kill(first, signal.SIGKILL)
        until(lambda: post.restarts == 1 and post.state == "running")

        assert (post.exits, pid_of(post) != first, crew.given_up()) == ([-signal.SIGKILL], True, [])


def test_a_worker_that_ends_well_unasked_is_started_again(tmp_path: Path) -> None:
    with supervised(tmp_path, python("one", "")) as crew:
        until(lambda: crew.posts["one"].restarts >= 2)

        assert set(crew.posts["one"].exits) == {0}


def test_one_worker_that_ends_is_no_reason_to_touch_another(tmp_path: Path) -> None:
    with supervised(tmp_path, python("one", SLEEPS), python("other", SLEEPS)) as crew:
        other = pid_of(crew.posts["other"])
        os.kill(pid_of(crew.posts["one"]), signal.SIGKILL)
        until(lambda: crew.posts["one"].restarts == 1)

        assert pid_of(crew.posts["other"]) == other
        assert crew.posts["other"].exits == []


def test_each_pause_is_longer_than_the_one_before_up_to_a_longest(tmp_path: Path) -> None:
    crew, now = Supervisor((python("one", ""),), logs=tmp_path), 1000.0
    post, pauses = crew.posts["one"], []
    for _ in range(supervisor.TRIES):
        crew._ended(post, 1, now)  # noqa: SLF001 - the pauses themselves would make this test a minute long
        pauses.append(post.again_at - now)

    assert pauses == sorted(pauses)
    assert pauses[0] < pauses[1] < pauses[2]
    assert max(pauses) == supervisor.LONGEST_PAUSE
    assert not post.given_up


@pytest.mark.usefixtures("hasty")
def test_a_worker_that_keeps_ending_is_given_up(tmp_path: Path) -> None:
    with supervised(tmp_path, python("one", "raise SystemExit(3)"), python("other", SLEEPS)) as crew:
        until(crew.given_up)

        assert crew.given_up() == ["one"]
        assert crew.posts["one"].exits == [3, 3, 3]
        assert (crew.posts["one"].state, crew.posts["other"].state) == ("given up", "running")


@pytest.mark.usefixtures("hasty")
def test_a_worker_whose_kafka_is_away_is_started_again_for_as_long_as_that_takes(tmp_path: Path) -> None:
    with supervised(tmp_path, python("waits", f"raise SystemExit({End.KAFKA_AWAY})")) as crew:
        until(lambda: crew.posts["waits"].restarts > supervisor.TRIES + 2)

        assert crew.given_up() == []
        assert crew.posts["waits"].in_a_row == 0


def test_the_runbook_knows_every_way_in_which_a_worker_ends() -> None:
    table = (ROOT / "deploy" / "runbooks" / "worker-given-up.md").read_text()

    assert {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)} >= set(End)


def test_a_worker_that_ran_long_enough_has_all_its_tries_again(tmp_path: Path) -> None:
    with supervised(tmp_path, python("one", SLEEPS)) as crew:
        post = crew.posts["one"]
        post.in_a_row = supervisor.TRIES
        post.started -= supervisor.STEADY_SECONDS
        until(lambda: post.in_a_row == 0)
        os.kill(pid_of(post), signal.SIGKILL)
        until(lambda: post.restarts == 1)

        assert crew.given_up() == []


@pytest.mark.parametrize("code", [2, 71])
def test_a_worker_that_another_start_would_not_mend_is_not_started_again(tmp_path: Path, code: int) -> None:
    with supervised(tmp_path, python("one", f"raise SystemExit({code})")) as crew:
        until(crew.given_up)

        assert (crew.posts["one"].exits, crew.posts["one"].restarts) == ([code], 0)


def test_stopping_ends_a_worker_that_listens(tmp_path: Path) -> None:
    with supervised(tmp_path, python("one", SLEEPS)) as crew:
        post = crew.posts["one"]

    assert post.process is not None
    assert post.process.poll() == -signal.SIGTERM
    assert post.restarts == 0


def test_stopping_kills_a_worker_that_does_not_listen(tmp_path: Path) -> None:
    mark = tmp_path / "deaf"
    with supervised(tmp_path, python("one", DEAF, str(mark)), seconds=0.3) as crew:
        post = crew.posts["one"]
        until(mark.exists)

    assert post.process is not None
    assert post.process.poll() == -signal.SIGKILL


def test_stopping_ends_a_worker_that_was_stopped_by_a_signal(tmp_path: Path) -> None:
    with supervised(tmp_path, python("one", SLEEPS)) as crew:
        post = crew.posts["one"]
        os.kill(pid_of(post), signal.SIGSTOP)

    assert post.process is not None
    assert post.process.poll() == -signal.SIGTERM
    assert not psutil.pid_exists(pid_of(post))


def test_after_stopping_nobody_is_started_again(tmp_path: Path) -> None:
    with supervised(tmp_path, python("one", "")) as crew:
        until(lambda: crew.posts["one"].exits)

    assert "supervisor" not in {thread.name for thread in threading.enumerate()}  # nobody else starts anybody
    assert crew.posts["one"].state != "running"


def test_a_worker_finds_its_environment_and_leaves_its_words_in_its_log(tmp_path: Path) -> None:
    says = "import os, sys; print(os.environ['ASKED'], flush=True); print('oh', file=sys.stderr); raise SystemExit(2)"
    with supervised(tmp_path, python("one", says, ASKED="this")) as crew:
        until(crew.given_up)

    assert sorted((tmp_path / "logs" / "one.log").read_text().split()) == ["oh", "this"]


def test_a_start_that_the_machine_refuses_once_is_tried_again_and_nobody_else_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with supervised(tmp_path, python("one", SLEEPS), python("other", SLEEPS)) as crew:
        one, other = crew.posts["one"], crew.posts["other"]
        assert one.process is not None
        assert other.process is not None
        there, refusals, start = other.process.pid, [BlockingIOError(11, "no process left")], subprocess.Popen

        def refusing(*words: Any, **more: Any) -> Any:  # noqa: ANN401 - hands on what it gets
            if refusals:
                raise refusals.pop()
            return start(*words, **more)

        monkeypatch.setattr(subprocess, "Popen", refusing)
        os.kill(one.process.pid, signal.SIGKILL)

        until(lambda: one.restarts == 1 and one.state is State.RUNNING)
        assert refusals == []
        assert other.process.pid == there
        assert other.state is State.RUNNING


def test_a_folder_that_is_gone_ends_nobody_and_once_it_is_back_the_crew_is_written_down(tmp_path: Path) -> None:
    settings, crew = Settings(state_dir=tmp_path / "gone"), Supervisor((), logs=tmp_path)
    written_down(settings, crew, door=None)
    assert find(settings) is None

    settings.folder.mkdir(parents=True)
    written_down(settings, crew, door=None)

    assert find(settings) is not None
