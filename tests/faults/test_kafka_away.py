"""Workers that start while Kafka is away wait for it, and are ready once it is there; none is given up."""

from __future__ import annotations

import pytest

from tests.integration.deciders import report, until
from workers.chaos.ground import Ground
from workers.crew import supervisor
from workers.crew.duties import Duty, duties
from workers.crew.supervisor import Supervisor
from workers.imports.sample import STARTS
from workers.runtime.clock import SteppedClock, timers_beside
from workers.runtime.ends import End
from workers.runtime.ports import free_ports
from workers.runtime.settings import Settings

pytestmark = pytest.mark.integration
ENDING = {"clock", "effects-1", "inbound"}
"""Who ends when Kafka stays away; a decider waits in its group."""


def test_workers_that_start_while_kafka_is_away_begin_when_it_is_there(
    behind: Settings, proxied: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "TRIES", 1)
    first = free_ports(8)
    ports = {"health_port": first, "inbound_port": first + 6, "world_port": first + 7}
    through = {
        "kafka_bootstrap_servers": f"127.0.0.1:{proxied.proxy.port}",
        "world_url": "http://127.0.0.1:9",
        "kafka_answer_seconds": 1.0,
    }
    settings = behind.model_copy(update=ports | through)
    crew = Supervisor(
        tuple(duty for duty in duties(settings) if duty.name in {*ENDING, "decider-1"}),
        logs=settings.state_dir / "logs",
    )

    assert settings.clock_file is not None
    SteppedClock(timers_beside(settings.clock_file)).set(STARTS)

    proxied.proxy.shut()
    crew.start()
    try:
        until(lambda: all(End.KAFKA_AWAY in crew.posts[name].exits for name in ENDING), settings)
        proxied.proxy.open()
        until(lambda: all(ready(post.duty) for post in crew.posts.values()), settings)
    finally:
        crew.stop()

    assert crew.given_up() == []
    assert {code for post in crew.posts.values() for code in post.exits} == {End.KAFKA_AWAY}


def ready(duty: Duty) -> bool:
    return (told := report(duty)) is not None and told.ready
