"""A decider whose answers get lost, whose disk is full, whose clock goes back or jumps: what it leaves is right."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import psutil
import pytest

from tests.integration.deciders import PATIENCE, ROOT, decider, duty, log_of, settled, tell, until
from tests.workers.inbox_facts import town
from workers.chaos.checker import accepted, by_partition
from workers.chaos.ground import Ground
from workers.crew.supervisor import Supervisor
from workers.journal.record import decode
from workers.runtime.clock import SteppedClock
from workers.runtime.ends import End
from workers.runtime.records import found_of
from workers.runtime.settings import Settings, as_environment

pytestmark = pytest.mark.integration
JUMPING = str(Path(__file__).with_name("jumping_decider.py"))


def test_an_append_whose_answer_got_lost_is_decided_once_and_said(proxied: Ground, behind: Settings) -> None:
    before, facts = proxied.proxy.answers_lost, town(30)
    crew = Supervisor((duty(behind, "decider-1"),), logs=behind.state_dir)
    crew.start()
    try:
        for third in range(3):
            proxied.proxy.lose_answers(2)
            tell(behind, facts[third::3])
            assert settled(behind).wrong == []
    finally:
        crew.stop()
        proxied.proxy.calm()

    assert proxied.proxy.answers_lost - before >= 3


def test_a_decider_cut_off_again_and_again_comes_to_the_same(proxied: Ground, behind: Settings) -> None:
    crew = Supervisor((duty(behind, "decider-1"), duty(behind, "decider-2")), logs=behind.state_dir)
    crew.start()
    try:
        for sixth in range(6):
            tell(behind, town(30)[sixth::6])
            proxied.proxy.cut()
            proxied.proxy.hold(0.3)
        assert settled(behind).wrong == []
    finally:
        crew.stop()


def test_a_full_disk_stops_no_decision(programme: Settings) -> None:
    with decider(programme) as process:
        tell(programme, town(10))
        assert settled(programme).wrong == []
        limit = psutil.Process(process.pid)
        unlimited = limit.rlimit(psutil.RLIMIT_FSIZE)
        limit.rlimit(psutil.RLIMIT_FSIZE, (0, unlimited[1]))

        tell(programme, town(40))  # so many that snapshots are due
        assert settled(programme).wrong == []
        assert process.poll() is None

        limit.rlimit(psutil.RLIMIT_FSIZE, unlimited)


def test_setting_the_clock_back_never_takes_the_journal_back(programme: Settings) -> None:
    assert programme.clock_file is not None
    clock = SteppedClock(programme.clock_file)
    later, facts = clock.now() + timedelta(days=1), town(20)
    with decider(programme):
        tell(programme, facts[: len(facts) // 2])
        settled(programme)
        clock.set(later)
        tell(programme, facts[: len(facts) // 2 + 40])
        settled(programme)
        clock.set(later - timedelta(hours=6))
        tell(programme, facts)
        past = settled(programme)

    assert past.wrong == []
    for times in times_of(programme):
        assert times == sorted(times)
    assert any(later in times for times in times_of(programme))


def times_of(settings: Settings) -> list[list[datetime]]:
    """The times of the accepted records, per partition."""
    journal = by_partition(settings, "journal")
    found = {p: [found_of(message, "journal") for message in messages] for p, messages in journal.items()}
    return [[decode(value).at for value in accepted(records)] for records in found.values()]


@pytest.mark.parametrize("seconds", [-7200, 7200])
def test_a_machine_whose_clock_jumps_decides_no_more_and_says_so(programme: Settings, seconds: int) -> None:
    """By the machine's own clock: a rehearsal's may be set as its coordinator likes."""
    programme.model_copy().folder.mkdir(parents=True, exist_ok=True)
    settings = programme.model_copy(update={"clock_file": None})
    environment = {**os.environ, **as_environment(settings), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, JUMPING, "decider-1", str(seconds)]
    with (settings.state_dir / "decider.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        tell(settings, town(3))
        until(lambda: process.poll() is not None, settings)
    finally:
        process.kill()
        process.wait(PATIENCE)

    assert process.returncode == End.PERSON_FIRST
    assert "the clock jumped" in log_of(settings)
    assert settled_alone(settings)


def settled_alone(settings: Settings) -> bool:
    """A decider whose clock stands still where it is decides the rest."""
    with decider(settings):
        return settled(settings).wrong == []
