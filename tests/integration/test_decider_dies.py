"""Deciders on a real Kafka, killed and stopped: each record is decided once and said, whoever dies."""

from __future__ import annotations

import random
import signal
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from events.control import TimeCome
from events.envelope import Said
from events.registry import AnyFact
from tests.integration.deciders import (
    MORTAL,
    PATIENCE,
    all_decided,
    decider,
    duty,
    everything,
    log_of,
    put,
    read_back,
    settled,
    tell,
    until,
)
from tests.workers.inbox_facts import town
from workers.chaos.checker import history
from workers.crew import supervisor
from workers.crew.supervisor import Supervisor
from workers.runtime.clock import SteppedClock
from workers.runtime.ends import End
from workers.runtime.settings import Settings

pytestmark = pytest.mark.integration


class Chaos:
    """Kills and stops two deciders at moments that the seed chooses, while facts keep coming."""

    def __init__(self, crew: Supervisor, seed: int) -> None:
        self._crew = crew
        self._draw = random.Random(seed)
        self.killed = self.stopped = 0

    def strike(self) -> None:
        """One of the two is killed, or stands still for a while, once for longer than the group waits."""
        time.sleep(self._draw.choice([0.02, 0.1, 0.3, 1.0]))
        process = self._draw.choice(list(self._crew.posts.values())).process
        assert process is not None
        try:
            if self._draw.random() < 0.5:
                process.kill()
                self.killed += 1
            else:
                process.send_signal(signal.SIGSTOP)
                self.stopped += 1
                time.sleep(11 if self.stopped == 1 else self._draw.uniform(0.1, 1))
                process.send_signal(signal.SIGCONT)
        except ProcessLookupError:
            return

    def mixed(self, facts: Sequence[Said[AnyFact]]) -> Iterator[list[Said[AnyFact]]]:
        """The facts in portions, every tenth said twice, at once or later; then the rounds, each by itself."""
        rounds = defaultdict(list)
        portions: list[list[Said[AnyFact]]] = [[] for _ in range(7)]
        for number, fact in enumerate(facts):
            if isinstance(fact.message, TimeCome):
                rounds[fact.time].append(fact)
                continue
            place = number * len(portions) // len(facts)
            portions[place].append(fact)
            if self._draw.random() < 0.1:
                portions[self._draw.randrange(place, len(portions))].append(fact)
        yield from (*portions, *rounds.values())


def test_each_record_is_decided_once_though_deciders_are_killed_and_stopped(
    programme: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "STEADY_SECONDS", 1.0)
    assert programme.clock_file is not None
    clock = SteppedClock(programme.clock_file)
    crew = Supervisor((duty(programme, "decider-1"), duty(programme, "decider-2")), logs=tmp_path / "logs")
    chaos = Chaos(crew, seed=7)
    crew.start()
    try:
        for portion in chaos.mixed(town(420)):
            if isinstance(portion[0].message, TimeCome):
                all_decided(programme)  # what is granted in a round must have been asked for
            tell(programme, portion)
            clock.set(max(one.recorded for one in portion))
            chaos.strike()
        past = settled(programme)
        given_up = crew.given_up()
    finally:
        crew.stop()

    assert past.wrong == []
    assert given_up == []
    assert past.records > 2500
    assert len(past.ordered) > 500
    assert past.duplicates > 100
    folds = read_back(programme)
    assert {name: state for fold in folds for name, state in fold.states.items()} == past.states


def test_what_was_handed_over_and_perhaps_not_on_the_broker_when_it_was_killed_is_said_after_the_restart(
    programme: Settings,
) -> None:
    tell(programme, town(20))
    with decider(programme, MORTAL, "--between", says=10) as process:
        assert process.wait(PATIENCE) == -signal.SIGKILL
    inbox = len(everything(programme, "inbox"))
    assert 0 < len(everything(programme, "journal")) < inbox

    with decider(programme):
        past = settled(programme)
    assert past.wrong == []
    assert past.records >= inbox


@pytest.mark.parametrize("says", [0, 25])
def test_what_was_decided_and_not_said_when_it_was_killed_is_said_after_the_restart(
    programme: Settings, says: int
) -> None:
    tell(programme, town(20))
    put(programme, "inbox", b"{broken")
    with decider(programme, MORTAL, says=says) as process:
        assert process.wait(PATIENCE) == -signal.SIGKILL
    assert [fault for fault in history(programme).wrong if "never said" in fault]

    with decider(programme):
        assert settled(programme).wrong == []
    assert {letter.value() for letter in everything(programme, "dead-letters")} == {b"{broken"}


def test_partitions_on_their_way_to_another_when_their_holder_was_killed_are_decided_on(programme: Settings) -> None:
    with decider(programme, MORTAL, "--handing-over", says=0) as holder:
        tell(programme, town(20))
        all_decided(programme)
        with decider(programme, name="decider-2"):
            assert holder.wait(PATIENCE) == -signal.SIGKILL
            with decider(programme):
                tell(programme, town(40))
                past = settled(programme)

    assert past.wrong == []
    assert past.records == len(everything(programme, "inbox"))


def test_a_decider_whose_client_hands_nothing_over_any_more_ends_to_be_started_anew(
    programme: Settings,
) -> None:
    with decider(programme, MORTAL, "--deaf", says=10) as process:
        tell(programme, town(20))
        until(lambda: "decided" in log_of(programme), programme)
        tell(programme, town(40))
        assert process.wait(PATIENCE) == End.ANEW

    with decider(programme):
        assert settled(programme).wrong == []
