"""How a decider speaks with Kafka: nothing is lost on the way out, and a restart is no rebalance."""

from typing import Any

from workers.runtime.groups import DECIDERS, SESSION_SECONDS, group_id
from workers.runtime.settings import Settings
from workers.runtime.topics import LARGEST, PARTITIONER


def producer_config(settings: Settings) -> dict[str, Any]:
    """Nothing is lost: every copy acknowledges, retries keep their order, and no record times out."""
    return {
        "bootstrap.servers": settings.bootstrap_servers,
        "acks": "all",
        "enable.idempotence": True,
        "message.timeout.ms": 0,
        # A batch's journal records are flushed, which waits for nothing; until then they are gathered, not sent singly.
        "linger.ms": 100,
        "partitioner": PARTITIONER,
        "message.max.bytes": LARGEST,
        "log_level": 2,
    }


def consumer_config(settings: Settings, name: str) -> dict[str, Any]:
    """A member of the deciders' group under its own name, so that a restart is no rebalance.

    The group shares out in one step. In the two steps of a cooperative one, who is killed between them comes back to
    what the first step left it, and nobody has the rest (docs/streaming.md).
    """
    return {
        "bootstrap.servers": settings.bootstrap_servers,
        "group.id": group_id(settings, DECIDERS),
        "group.instance.id": name,
        "partition.assignment.strategy": "range",
        "session.timeout.ms": int(SESSION_SECONDS * 1000),
        "enable.auto.commit": False,
        "auto.offset.reset": "earliest",
        "fetch.wait.max.ms": 100,
        "log_level": 2,
    }
