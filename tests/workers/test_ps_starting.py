"""A worker that was started only just now need not answer yet; `naadloos ps --health` waits for no other."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable

import pytest

from tests.workers.conftest import Crew, Ps
from workers.cli.exits import Exit
from workers.crew import asking
from workers.crew.asking import STARTING_SECONDS
from workers.crew.roll import Member, State, write
from workers.runtime.health import Health
from workers.runtime.settings import Settings


@pytest.mark.parametrize("answers", [False, True], ids=["not yet heard", "not yet ready"])
def test_a_worker_that_was_started_only_just_now_is_starting_and_no_trouble(
    crew: Crew, clock: Callable[..., Health], ps: Ps, *, answers: bool
) -> None:
    crew(clock(journal=False) if answers else None, restarts=0, since=time.time())

    code, out, err = ps("--health")

    assert (code, err) == (Exit.DONE, "")
    assert next(line.split() for line in out.splitlines() if line.startswith("clock"))[1] == "starting"


def test_a_worker_that_listens_and_does_not_answer_is_not_starting(
    own: Settings, ps: Ps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as door:
        own.folder.mkdir(parents=True)
        worker = Member(
            name="clock",
            pid=os.getpid(),
            state=State.RUNNING,
            restarts=0,
            last_exit=None,
            health=door.getsockname()[1],
            since=time.time(),
        )
        write(own, (worker,))

        code, _, err = ps("--health")

    assert code == Exit.FAILED
    assert "clock does not say how it is" in err


@pytest.mark.parametrize(("restarts", "seconds"), [(1, 0), (0, STARTING_SECONDS + 1)], ids=["again", "long ago"])
def test_a_worker_that_starts_again_or_for_too_long_is_a_trouble(
    crew: Crew, ps: Ps, restarts: int, seconds: float
) -> None:
    crew(None, restarts=restarts, since=time.time() - seconds)

    code, _, err = ps("--health")

    assert code == Exit.FAILED
    assert "clock does not say how it is" in err
