"""Deciders as processes of their own, what they are given, and how long a test waits for them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from confluent_kafka import Message, Producer

from events.envelope import Said
from events.registry import AnyFact
from workers.chaos.checker import History, by_partition, history
from workers.crew.duties import Duty
from workers.journal.fold import Fold
from workers.journal.reading import Journal, chains_of, folds_of
from workers.runtime.health import Report
from workers.runtime.saying import Inbox
from workers.runtime.settings import Settings, as_environment
from workers.runtime.terms import terms_of
from workers.runtime.topics import TopicName, topic_name

ROOT = Path(__file__).parents[2]
MORTAL = str(Path(__file__).with_name("mortal_decider.py"))
PATIENCE = 90
"""Seconds."""


def duty(settings: Settings, name: str, *command: str) -> Duty:
    environment = {**as_environment(settings), "PYTHONPATH": str(ROOT)}
    return Duty(name, (sys.executable, *(command or ("-m", "workers.journal")), name), environment)


@contextmanager
def decider(
    settings: Settings, *command: str, says: int | None = None, name: str = "decider-1"
) -> Iterator[subprocess.Popen[bytes]]:
    """One decider; where it says so many messages, it dies when it is about to say the next."""
    one = duty(settings, name, *command)
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


def everything(settings: Settings, topic: TopicName) -> list[Message]:
    """Everything that stands in the topic now, partition by partition."""
    return [message for messages in by_partition(settings, topic).values() for message in messages]


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


def report(duty: Duty) -> Report | None:
    """How the worker says it is; None where it says nothing."""
    try:
        with urlopen(f"http://127.0.0.1:{duty.health}/health", timeout=5) as answer:
            return Report.model_validate_json(answer.read())
    except OSError:
        return None


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
