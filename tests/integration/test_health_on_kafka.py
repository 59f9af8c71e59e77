"""Workers on a real Kafka tell how it is: what waits for a decision or an answer, since when, and who is not well."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from events.registry import WORKERS
from tests.integration.deciders import PATIENCE, ROOT, put, report, tell
from tests.workers.inbox_facts import life, town
from workers.cli.exits import Exit
from workers.crew.duties import Duty, duties
from workers.crew.supervisor import Supervisor
from workers.imports.sample import STARTS
from workers.runtime.clock import SteppedClock, timers_beside
from workers.runtime.health import Report
from workers.runtime.ports import free_ports
from workers.runtime.settings import Settings, as_environment

pytestmark = pytest.mark.integration
NAADLOOS = Path(sys.executable).with_name("naadloos")


@pytest.fixture
def told(programme: Settings) -> Settings:
    """The programme with ports of its own, whose clock worker's clock stands at the start."""
    assert programme.clock_file is not None
    SteppedClock(timers_beside(programme.clock_file)).set(STARTS)
    first = free_ports(8)
    ports = {"health_port": first, "inbound_port": first + 6, "world_port": first + 7}
    return programme.model_copy(update=ports)


@contextmanager
def working(settings: Settings, *names: str) -> Iterator[dict[str, Duty]]:
    """These workers of the programme are running."""
    wanted = {duty.name: duty for duty in duties(settings) if duty.name in names}
    crew = Supervisor(tuple(wanted.values()), logs=settings.state_dir / "logs")
    crew.start()
    try:
        yield wanted
    finally:
        crew.stop()


def status(duty: Duty, page: str) -> int:
    try:
        with urlopen(f"http://127.0.0.1:{duty.health}/{page}", timeout=5) as answer:
            return int(answer.status)
    except HTTPError as refused:
        return refused.code


def reported(duty: Duty, holds: Callable[[Report], object]) -> Report:
    """How the worker is, once it is so."""
    ends = time.monotonic() + PATIENCE
    while True:
        now = report(duty)
        if now is not None and holds(now):
            return now
        assert time.monotonic() < ends, f"{duty.name} came no further than {now}"
        time.sleep(0.1)


def test_what_nobody_decides_is_counted_and_grows_old_until_somebody_does(told: Settings) -> None:
    tell(told, town(5))
    with working(told, "clock") as crew:
        first = reported(crew["clock"], lambda now: sum(now.undecided.values()) == len(town(5)))
        later = reported(crew["clock"], lambda now: max(now.oldest_undecided_seconds.values()) > 3)
        assert (first.ready, later.oldest_unanswered_seconds["messages"]) == (True, 0)

        with working(told, "decider-1") as deciding:
            reported(deciding["decider-1"], lambda now: now.ready)
            assert (status(deciding["decider-1"], "live"), status(deciding["decider-1"], "ready")) == (200, 200)
            done = reported(crew["clock"], lambda now: now.undecided and not sum(now.undecided.values()))

    assert max(done.oldest_undecided_seconds.values()) == 0


def test_what_was_there_before_the_clock_worker_is_as_old_as_it_says(told: Settings) -> None:
    tell(told, town(3))
    assert told.clock_file is not None
    SteppedClock(timers_beside(told.clock_file)).set(STARTS + timedelta(hours=2))

    with working(told, "clock") as crew:
        now = reported(crew["clock"], lambda now: sum(now.undecided.values()) == len(town(3)))

    assert 7200 <= max(now.oldest_undecided_seconds.values()) < 7200 + PATIENCE


def test_orders_that_no_effect_worker_takes_wait_for_their_answers(told: Settings) -> None:
    tell(told, life())
    with working(told, "clock", "decider-1") as crew:
        reported(crew["clock"], lambda now: now.undecided and not sum(now.undecided.values()))
        waiting = reported(crew["clock"], lambda now: max(now.oldest_unanswered_seconds.values()) > 2)
    with working(told, "clock") as crew:
        again = reported(crew["clock"], lambda now: now.ready and any(now.oldest_unanswered_seconds.values()))

    kinds = {kind for kind, age in waiting.oldest_unanswered_seconds.items() if age}
    assert kinds == {kind for kind, age in again.oldest_unanswered_seconds.items() if age} == set(WORKERS)


def test_a_dead_letter_is_open_with_its_reason(told: Settings) -> None:
    put(told, "inbox", b"{", key=b"E-0001")
    with working(told, "clock", "decider-1") as crew:
        now = reported(crew["clock"], lambda now: sum(now.dead_letters.values()))

    assert {reason for reason, number in now.dead_letters.items() if number} == {"not_json"}


def naadloos(settings: Settings, *words: str) -> tuple[int, str, str]:
    """A command of the programme, in a process of its own: its exit code and what it said."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("NAADLOOS_", "LANG", "LC_"))}
    environment = {**ours, **as_environment(settings)}
    done = subprocess.run(
        [NAADLOOS, *words], env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    return done.returncode, done.stdout, done.stderr


def test_ps_asks_the_crew_that_up_started_and_says_who_is_not_well(told: Settings) -> None:
    assert naadloos(told, "up")[0] == Exit.DONE
    try:
        crew = well(told)
        os.kill(crew["clock"]["pid"], signal.SIGSTOP)
        code, _, said = naadloos(told, "ps", "--health")
    finally:
        assert naadloos(told, "down")[0] == Exit.DONE

    assert set(crew) == {"supervisor", "decider-1", "effects-1", "inbound", "clock", "monitor"}
    assert (code, said) == (
        Exit.FAILED,
        f"clock does not say how it is. Read why:  tail {told.folder / 'logs' / 'clock.log'}\n",
    )


def well(settings: Settings) -> dict[str, dict[str, Any]]:
    """The crew as `ps --health` has it, once all of it is well."""
    ends = time.monotonic() + PATIENCE
    while True:
        code, out, _ = naadloos(settings, "ps", "--health", "--json")
        page = json.loads(out)
        if code == Exit.DONE:
            assert page["well"]
            return {one["name"]: one for one in page["workers"]}
        assert time.monotonic() < ends, [(said, _log(settings, said["worker"])) for said in page["troubles"]]


def _log(settings: Settings, worker: str) -> str:
    return (settings.folder / "logs" / f"{worker}.log").read_text()[-2000:]


def test_a_decider_that_is_stopped_says_nothing_and_is_well_again_when_it_goes_on(told: Settings) -> None:
    with working(told, "decider-1") as crew:
        well = reported(crew["decider-1"], lambda now: now.ready)
        os.kill(well.pid, signal.SIGSTOP)
        try:
            assert report(crew["decider-1"]) is None
        finally:
            os.kill(well.pid, signal.SIGCONT)

        assert reported(crew["decider-1"], lambda now: now.live).pid == well.pid
