"""The Kafka of the integration tests, for the fault tests that need one, and one behind a proxy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.scene import Scene
from tests.integration.conftest import fresh_settings, kafka, programme
from workers.chaos.ground import Ground, ground
from workers.chaos.proxy import Proxy
from workers.imports.sample import STARTS
from workers.runtime.clock import SteppedClock
from workers.runtime.settings import Settings
from workers.runtime.topics import create_topics

__all__ = ["fresh_settings", "kafka", "programme"]


@pytest.fixture(scope="session")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """A Kafka of its own, which sends every client to the proxy before it."""
    jars = Settings().kafka_cache_dir or Settings().kafka_dir
    settings = Settings(
        state_dir=tmp_path_factory.mktemp("proxied"), kafka_cache_dir=jars, kafka_bootstrap_servers=None
    )
    with ground(settings, answer_seconds=5) as there:
        yield there


@pytest.fixture
def behind(proxied: Ground, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """An empty programme on the Kafka behind the proxy, with a clock that stands at the start."""
    clock = tmp_path / "clock"
    SteppedClock(clock).set(STARTS)
    name = request.node.name.replace("_", "-")[:60].lower().rstrip("-")
    settings = proxied.settings.model_copy(
        update={"state_dir": tmp_path / "state", "topic_prefix": name, "clock_file": clock, "programme": "demo"}
    )
    settings = settings.model_copy(
        update={"kafka_bootstrap_servers": f"127.0.0.1:{proxied.settings.kafka_port}", "replication": 1}
    )
    settings.state_dir.mkdir()
    create_topics(settings)
    return settings


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    proxy = Proxy(broker=1)
    proxy.start()
    one = Scene(tmp_path, proxy)
    one.crew.start()
    one.goes_on_writing()
    yield one
    one.crew.stop()
    proxy.stop()
