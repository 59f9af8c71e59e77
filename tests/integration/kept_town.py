"""A town that was decided, for the tests that keep it and put it back: who lives there, and what stands where."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from confluent_kafka import Consumer, Producer, TopicPartition

from events.base import PersonId, SubjectId
from events.envelope import Said
from events.people import PersonKnown
from events.registry import AnyFact
from tests.integration.deciders import ROOT, read_back
from tests.workers.inbox_facts import known, town
from workers.imports.sample import STARTS
from workers.keeping.backup import AGAINST_THE_FLOW, backup
from workers.keeping.kept import Kept
from workers.keeping.live import Live
from workers.runtime.clock import clock_of
from workers.runtime.groups import group_id
from workers.runtime.records import end_of
from workers.runtime.saying import Inbox
from workers.runtime.settings import Settings, as_environment
from workers.runtime.topics import PARTITIONER, TopicName, topic_name

KEEPER = str(Path(__file__).with_name("mortal_keeper.py"))
COMMANDS: tuple[TopicName, ...] = ("commands.porting", "commands.dispatch", "commands.cutover", "commands.messages")


def people(settings: Settings) -> None:
    """Ann is known under two names, the newer one last; Eve is forgotten."""
    inbox = Inbox(settings)
    for id_, name in (("ann", "Ann"), ("bob", "Bob"), ("eve", "Eve"), ("ann", "Anne")):
        person = PersonKnown(person=PersonId(f"p-{id_}"), name=name, mail=f"{id_}@town.example")
        inbox.make_known([Said(f"people/{name}", "/test", SubjectId("P-demo"), STARTS, STARTS, person)])
    producer = Producer({"bootstrap.servers": settings.bootstrap_servers, "partitioner": PARTITIONER})
    producer.produce(topic_name(settings, "people"), None, b"p-eve")
    assert producer.flush(30) == 0


def newcomers() -> list[Said[AnyFact]]:
    """What is heard of a larger town, and was not heard of the first."""
    heard = {one.id for one in town(30)}
    return [one for one in town(40) if one.id not in heard]


def come_to(settings: Settings, kind: str) -> None:
    """An effect worker's group has taken what stands in its topic."""
    name = topic_name(settings, f"commands.{kind}")  # type: ignore[arg-type]
    client = Consumer({"bootstrap.servers": settings.bootstrap_servers, "group.id": group_id(settings, kind)})
    ends = [TopicPartition(name, p, end_of(client, name, p)) for p in range(12)]
    client.commit(offsets=ends, asynchronous=False)
    client.close()


def dies(what: str, settings: Settings, path: Path, portions: int, *more: str) -> bool:
    """Whether it was killed before it was ready."""
    words = [sys.executable, KEEPER, what, str(path), str(portions), *more]
    environment = {**os.environ, **as_environment(settings), "PYTHONPATH": str(ROOT)}
    return subprocess.run(words, env=environment, check=False, timeout=120).returncode == -signal.SIGKILL


def effect_worker(settings: Settings) -> subprocess.CompletedProcess[str]:
    """An effect worker that is started by hand, and that has ended."""
    words = [sys.executable, "-m", "workers.effects", "--kinds", "porting"]
    environment = {**os.environ, **as_environment(settings), "PYTHONPATH": str(ROOT)}
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=60)


def kept(path: Path, settings: Settings) -> None:
    found = backup(path, settings, now=clock_of(settings.programme_clock).now)
    assert found.proof.findings == []


def everywhere(settings: Settings) -> dict[str, list[list[Kept]]]:
    source = Live(settings)
    return {
        topic: [list(source.records(topic, p)) for p in range(12)] for topic in AGAINST_THE_FLOW if topic != "people"
    }


def states(settings: Settings) -> list[dict[str, object]]:
    return [known(fold) for fold in read_back(settings)]
