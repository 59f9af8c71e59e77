"""Whether a Kafka answers: one request for its metadata, the first thing any client asks."""

from __future__ import annotations

import logging
import socket

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

# librdkafka writes a line to stderr per failed connection unless given a logger; here a failure is the answer "no".
_SILENT = logging.getLogger("workers.runtime.kafka.health")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False


def answers(bootstrap_servers: str, *, seconds: float = 5.0) -> bool:
    """Whether Kafka gives its metadata, with at least one broker in it, within the time."""
    if not _someone_listens(bootstrap_servers):
        return False
    client = AdminClient({"bootstrap.servers": bootstrap_servers, "log_level": 0}, logger=_SILENT)
    try:
        return len(client.list_topics(timeout=seconds).brokers) > 0
    except KafkaException:
        return False


def _someone_listens(bootstrap_servers: str) -> bool:
    for server in bootstrap_servers.split(","):
        host, _, port = server.strip().rpartition(":")
        try:
            with socket.create_connection((host.strip("[]"), int(port)), timeout=2):
                return True
        except (OSError, ValueError):
            continue
    return False
