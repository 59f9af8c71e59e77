"""A record larger than any topic takes, which Kafka took by its compressed size: nobody stops, and it is put back."""

from __future__ import annotations

from pathlib import Path

import pytest
from confluent_kafka import Producer

from tests.integration.deciders import decider, everything, settled, tell
from tests.integration.kept_town import everywhere, kept, newcomers
from workers.cli import main
from workers.cli.exits import Exit
from workers.runtime.letters import CUT
from workers.runtime.settings import Settings
from workers.runtime.topics import topic_name

pytestmark = pytest.mark.integration


def test_a_record_that_kafka_took_compressed_stops_nobody_and_is_put_back(
    decided_town: Settings, drill: Settings, tmp_path: Path
) -> None:
    path, large = tmp_path / "town.backup", b"A" * 9_000_000
    producer = Producer(
        {
            "bootstrap.servers": decided_town.bootstrap_servers,
            "compression.type": "gzip",
            "message.max.bytes": 100_000_000,
            "batch.size": 100_000_000,
        }
    )
    producer.produce(topic_name(decided_town, "inbox"), large, b"E-0001", partition=3)
    assert producer.flush(60) == 0

    with decider(decided_town):
        tell(decided_town, newcomers())
        after = settled(decided_town)

    assert after.wrong == []
    (letter,) = (one for one in everything(decided_town, "dead-letters") if (one.value() or b"").startswith(b"AAA"))
    assert len(letter.value() or b"") == CUT
    kept(path, decided_town)
    assert main(["restore", str(path), "--into", drill.topic_prefix, "--go"]) == Exit.DONE
    assert everywhere(drill) == everywhere(decided_town)
