"""Deciders on a real Kafka, as processes that are killed and stopped: each record is decided once, whoever dies."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from confluent_kafka import Producer

from events.base import SubjectId
from events.codec import encode
from events.control import TimeCome
from events.envelope import Said
from events.registry import AnyFact
from orchestrator.record import Holder, with_
from tests.integration.history import History, by_partition, everything, history
from tests.workers.inbox_facts import MONDAY, fed, known, record, said, town
from tests.workers.test_journal_fold import HELD
from workers.crew import supervisor
from workers.crew.duties import Duty
from workers.crew.supervisor import Supervisor
from workers.imports.sample import STARTS
from workers.journal.decider import FENCED
from workers.journal.fold import Fold
from workers.journal.reading import Journal, chains_of, folds_of
from workers.journal.snapshot import path_of, restore, save
from workers.runtime.clock import SteppedClock
from workers.runtime.saying import Inbox
from workers.runtime.settings import Settings, as_environment
from workers.runtime.terms import terms_of
from workers.runtime.topics import topic_name

pytestmark = pytest.mark.integration
ROOT = Path(__file__).parents[2]
MORTAL = str(Path(__file__).with_name("mortal_decider.py"))
PATIENCE = 90


@pytest.fixture
def settings(fresh_settings: Settings, tmp_path: Path) -> Settings:
    """A programme of this test alone, with a clock of its own that stands at the start, and few partitions."""
    clock = tmp_path / "clock"
    SteppedClock(clock).set(STARTS)
    fresh_settings.state_dir.mkdir(exist_ok=True)
    return fresh_settings.model_copy(update={"clock_file": clock, "snapshot_every": 150, "programme": "demo"})


def duty(settings: Settings, name: str, *command: str) -> Duty:
    environment = {**as_environment(settings), "PYTHONPATH": str(ROOT)}
    return Duty(name, (sys.executable, *(command or ("-m", "workers.journal")), name), environment)


@contextmanager
def decider(settings: Settings, *command: str, says: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """One decider; where it says so many messages, it dies when it is about to say the next."""
    one = duty(settings, "decider-1", *command)
    words = [*one.command, str(says)] if says is not None else one.command
    with (settings.state_dir / "decider.log").open("ab") as log:
        process = subprocess.Popen(words, env={**os.environ, **one.environment}, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        process.wait(PATIENCE)


def until(holds: Callable[[], bool], settings: Settings) -> None:
    ends = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < ends, f"it did not come; the decider's last words:\n{log_of(settings)[-2000:]}"
        time.sleep(0.2)


def all_decided(settings: Settings) -> None:
    """Every record that stands in the inbox, and what deciders put there meanwhile, has its decision."""
    journal = Journal(settings, chains := chains_of(settings))

    def holds() -> bool:
        journal.catch_up()
        return {chain.partition: chain.offset + 1 for chain in chains} == journal.inbox_ends()

    until(holds, settings)
    journal.close()


def settled(settings: Settings) -> History:
    """The history once nothing is missing any more; or as it is when patience ends."""
    ends = time.monotonic() + PATIENCE
    while True:
        all_decided(settings)
        past = history(settings)
        if not past.wrong or time.monotonic() > ends:
            return past
        time.sleep(0.5)


def tell(settings: Settings, facts: Iterable[Said[AnyFact]]) -> None:
    Inbox(settings).say_all(facts)


def put(settings: Settings, topic: str, value: bytes, *, key: bytes = b"E-0001", partition: int | None = None) -> None:
    """Write these bytes, as somebody else would."""
    producer = Producer({"bootstrap.servers": settings.bootstrap_servers, "partitioner": "murmur2_random"})
    place = {} if partition is None else {"partition": partition}
    producer.produce(topic_name(settings, topic), value, key, **place)  # type: ignore[arg-type]
    assert producer.flush(30) == 0


def log_of(settings: Settings) -> str:
    path = settings.state_dir / "decider.log"
    return path.read_text() if path.exists() else ""


def read_back(settings: Settings) -> list[Fold]:
    """The folds as every reader of the journal has them."""
    folds = folds_of(settings, terms_of(settings))
    journal = Journal(settings, folds)
    journal.catch_up()
    journal.close()
    return folds


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
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "STEADY_SECONDS", 1.0)
    assert settings.clock_file is not None
    clock = SteppedClock(settings.clock_file)
    crew = Supervisor((duty(settings, "decider-1"), duty(settings, "decider-2")), logs=tmp_path / "logs")
    chaos = Chaos(crew, seed=7)
    crew.start()
    try:
        for portion in chaos.mixed(town(420)):
            if isinstance(portion[0].message, TimeCome):
                all_decided(settings)  # what is granted in a round must have been asked for
            tell(settings, portion)
            clock.set(max(one.recorded for one in portion))
            chaos.strike()
        past = settled(settings)
        given_up = crew.given_up()
    finally:
        crew.stop()

    assert past.wrong == []
    assert given_up == []
    assert past.records > 2500
    assert past.commands > 500
    assert past.duplicates > 100
    folds = read_back(settings)
    assert {name: state for fold in folds for name, state in fold.states.items()} == past.states


def test_a_restart_from_snapshots_is_a_restart_without_them(settings: Settings) -> None:
    tell(settings, town(20))
    with decider(settings):
        assert settled(settings).wrong == []
    first = snapshots(settings)
    for partition in first:
        path_of(settings.snapshots_dir, partition).unlink()
    restarted(settings)
    without = snapshots(settings)
    restarted(settings)

    assert snapshots(settings) == without == first
    assert len(first) == settings.partitions


def test_a_snapshot_is_believed_only_where_the_journal_has_its_very_record(settings: Settings) -> None:
    tell(settings, town(40))  # so many that every partition has heard something
    with decider(settings):
        assert settled(settings).wrong == []
    true = snapshots(settings)
    marked = {p: mark(settings, p) for p in true}
    restarted(settings)
    assert snapshots(settings) == marked  # it is from the snapshot that it started

    for partition in true:
        mark(settings, partition, hash="ab" * 16)
    restarted(settings)
    assert snapshots(settings) == true


def snapshots(settings: Settings) -> dict[int, dict[str, object]]:
    """What the snapshots say."""
    kept = (restore(settings.snapshots_dir, p, terms_of(settings)) for p in range(settings.partitions))
    return {fold.partition: known(fold) for fold in kept if fold is not None}


def mark(settings: Settings, partition: int, **head: str) -> dict[str, object]:
    """Put something into the snapshot that no journal says."""
    fold = restore(settings.snapshots_dir, partition, terms_of(settings))
    assert fold is not None
    strange = with_(Holder(SubjectId("E-9999")), unread=7)
    fold = replace(fold, states={**fold.states, strange.id: strange}, **head)  # type: ignore[arg-type]
    save(fold, settings.snapshots_dir)
    return known(fold)


def restarted(settings: Settings) -> None:
    """A decider was started, got its partitions, and was stopped."""
    before = log_of(settings).count("partitions assigned")
    with decider(settings):
        until(lambda: log_of(settings).count("partitions assigned") > before, settings)


@pytest.mark.parametrize("says", [0, 25])
def test_what_was_decided_and_not_said_when_it_was_killed_is_said_after_the_restart(
    settings: Settings, says: int
) -> None:
    tell(settings, town(20))
    put(settings, "inbox", b"{broken")
    with decider(settings, MORTAL, says=says) as process:
        assert process.wait(PATIENCE) == -signal.SIGKILL
    assert [fault for fault in history(settings).wrong if "never said" in fault]

    with decider(settings):
        assert settled(settings).wrong == []
        until(lambda: bool(everything(settings, "dead-letters")), settings)
    assert {letter.value() for letter in everything(settings, "dead-letters")} == {b"{broken"}


def test_a_foreign_record_in_the_journal_ends_the_decider_and_is_ignored_by_the_next(settings: Settings) -> None:
    with decider(settings) as process:
        tell(settings, town(3))
        assert settled(settings).wrong == []
        ((foreign, _),) = fed(Fold(0, terms_of(settings)), [record(said("E-0001", HELD))])
        for partition in range(settings.partitions):
            put(settings, "journal", foreign.replace(b'"prev":-1', b'"prev":-2'), partition=partition)
        tell(settings, [said("E-0001", HELD)])

        assert process.wait(PATIENCE) == FENCED
    with decider(settings):
        past = settled(settings)

    assert past.wrong == []
    assert past.ignored >= settings.partitions


def test_an_unreadable_message_becomes_a_dead_letter_and_the_flow_goes_on(settings: Settings) -> None:
    rubbish = [b"{broken", b"\xff\xfe", b"", encode(said("E-0002", HELD)), b"[" * 500]
    with decider(settings):
        for raw in rubbish:
            put(settings, "inbox", raw)
            tell(settings, [said("E-0001", HELD, id_=str(len(raw)), at=MONDAY)])
        past = settled(settings)
        until(lambda: len(everything(settings, "dead-letters")) == len(rubbish), settings)
    letters = everything(settings, "dead-letters")

    assert past.wrong == []
    assert [letter.value() for letter in letters] == rubbish
    assert {letter.key() for letter in letters} == {b"E-0001"}
    holder = past.states[SubjectId("E-0001")]
    assert isinstance(holder, Holder)
    assert (len(holder.holds), holder.unread) == (len(rubbish), len(rubbish))
    inbox = by_partition(settings, "inbox")
    for letter in letters:
        headers = dict(letter.headers() or [])
        place = inbox[int(headers["partition"] or -1)][int(headers["offset"] or -1)]
        assert place.value() == letter.value()
