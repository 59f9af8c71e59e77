"""One real Kafka for the whole test run; every test has topics of its own on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.integration.deciders import all_decided, decider, put, settled, tell
from tests.integration.kept_town import come_to, people
from tests.workers.inbox_facts import town
from workers.imports.sample import STARTS
from workers.runtime.clock import SteppedClock
from workers.runtime.kafka import server
from workers.runtime.ports import free_ports
from workers.runtime.settings import Settings, as_environment
from workers.runtime.topics import create_topics, delete_topics


def _own_broker(state_dir: Path) -> Settings:
    """The settings of a broker of its own; the jars are shared with the Kafka of this machine, and fetched once."""
    shared = Settings().kafka_dir
    return Settings(state_dir=state_dir, kafka_port=free_ports(2), kafka_cache_dir=shared, kafka_bootstrap_servers=None)


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The settings of a Kafka that runs and answers, without topics; it is stopped after the last test."""
    settings = _own_broker(tmp_path_factory.mktemp("state"))
    try:
        server.start(settings)
        yield settings
    finally:
        server.stop(settings)


@pytest.fixture
def own_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The settings of a Kafka for one test alone, not started yet: for tests that stop or kill it."""
    settings = _own_broker(tmp_path_factory.mktemp("own"))
    yield settings
    server.stop(settings)


@pytest.fixture
def fresh_settings(kafka: Settings, tmp_path: Path) -> Iterator[Settings]:
    """A programme of one test: empty topics on the shared Kafka and an empty state directory of its own.

    For this programme the Kafka is a given one, with a single broker: nothing under test can stop or restart it.
    """
    settings = Settings(
        state_dir=tmp_path / "state",
        topic_prefix=f"test-{uuid4().hex[:8]}",
        kafka_bootstrap_servers=kafka.bootstrap_servers,
        replication=1,
    )
    create_topics(settings)
    yield settings
    delete_topics(settings)


@pytest.fixture
def programme(fresh_settings: Settings, tmp_path: Path) -> Settings:
    """A programme of one test with a clock of its own that stands at the start, and snapshots soon."""
    clock = tmp_path / "clock"
    SteppedClock(clock).set(STARTS)
    fresh_settings.state_dir.mkdir(exist_ok=True)
    return fresh_settings.model_copy(update={"clock_file": clock, "snapshot_every": 150, "programme": "demo"})


@pytest.fixture
def decided_town(programme: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A small town, decided; one of its people known, one forgotten; commands read the same settings."""
    for name, value in as_environment(programme).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("NAADLOOS_LANG", "en")
    people(programme)
    put(programme, "inbox", b"{broken")
    with decider(programme):
        tell(programme, town(30))
        all_decided(programme)
        settled(programme)
    come_to(programme, "porting")
    return programme


@pytest.fixture
def drill(decided_town: Settings) -> Iterator[Settings]:
    """Where the town is put back: other topics, beside the first ones."""
    beside = decided_town.model_copy(update={"topic_prefix": f"{decided_town.topic_prefix}-drill"})
    yield beside
    delete_topics(beside)
