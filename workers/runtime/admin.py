"""Asking a Kafka about its topics and groups, by kafka-python."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from workers.runtime.language import _
from workers.runtime.settings import Settings
from workers.runtime.unable import UnableToError


class UnableToAskKafkaError(UnableToError):
    """Kafka is away, or refused what it was asked."""


@contextmanager
def admin(settings: Settings, *, undone: str) -> Iterator[KafkaAdminClient]:
    """A connection for asking. Raises `UnableToAskKafkaError`, which begins with what was `undone` by the answer."""
    try:
        client = KafkaAdminClient(
            bootstrap_servers=settings.bootstrap_servers,
            bootstrap_timeout_ms=int(settings.kafka_answer_seconds * 1000),
            client_id="naadloos-admin",
        )
        try:
            yield client
        finally:
            client.close()
    except KafkaError as error:
        raise UnableToAskKafkaError(_answered(settings, undone, type(error).__name__)) from error


def _answered(settings: Settings, undone: str, answer: str) -> str:
    said = _("{undone}: Kafka at {servers} answered {answer}.").format(
        undone=undone, servers=settings.bootstrap_servers, answer=answer
    )
    return said + "\n" + _("See whether it runs:  naadloos kafka status   Then give the same command again.")
