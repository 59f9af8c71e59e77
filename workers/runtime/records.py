"""Reading a topic raw: consumers that belong to no group, ends, single records. Nothing here knows what is written."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from confluent_kafka import Consumer, Message, TopicPartition
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_fixed

from workers.runtime.away import passes, silent
from workers.runtime.language import _
from workers.runtime.letters import Found, as_found
from workers.runtime.settings import Settings
from workers.runtime.silence import let_go
from workers.runtime.topics import TopicName, topic_name
from workers.runtime.unable import UnableToError

SECONDS: Final = 30.0
PATIENT: Final = {"fetch.min.bytes": 1_000_000, "fetch.wait.max.ms": 100}
HEADERS_NOT_READ: Final = ("headers-not-read", b"a name is not UTF-8")
"""Stands for the headers of a record that the client cannot read; key and value can be read all the same."""


class UnableToReadRecordError(UnableToError):
    """Kafka's client reports a fault where a record should be."""


def consumer(settings: Settings, **more: Any) -> Any:  # noqa: ANN401 - the client has no types
    """A consumer that belongs to no group and commits nothing."""
    return Consumer(
        {
            "bootstrap.servers": settings.bootstrap_servers,
            "group.id": f"{settings.topic_prefix}-reader",
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "enable.partition.eof": False,
            "fetch.wait.max.ms": 100,
            "log_level": 2,
            **more,
        }
    )


@contextmanager
def reader(settings: Settings, **more: Any) -> Iterator[Any]:  # noqa: ANN401 - as above
    """A `consumer` for as long as it is needed."""
    client = consumer(settings, **more)
    try:
        yield client
    finally:
        let_go(client)


def value_of(message: Message) -> bytes:
    """The bytes of a record. Raises `UnableToReadRecordError` when the client reports a fault instead."""
    fault = message.error()
    if fault is not None:
        raise UnableToReadRecordError(
            _("Kafka did not hand over a record: {fault}. Look:  naadloos kafka status").format(fault=fault.name())
        )
    return message.value() or b""


def place_of(message: Message) -> tuple[int, int]:
    """The partition and offset of a record that was read, which the client's types leave open."""
    partition, offset = message.partition(), message.offset()
    assert partition is not None
    assert offset is not None
    return partition, offset


def taken(client: Any, seconds: float, *, most: int) -> list[Message]:  # noqa: ANN401 - the client has no types
    """The records that are there, waiting so long for the first and not for the others.

    `consume` alone waits its whole time for as many as it may take, which at the end of a topic never come.
    """
    first = client.poll(seconds)
    return [] if first is None else [first, *client.consume(most - 1, 0.0)]


def some(client: Any, topic: str, *, most: int = 5000) -> list[Message]:  # noqa: ANN401 - the client has no types
    """The next records of this topic, where some stand. Raises `UnableToHearKafkaError` when none comes."""
    messages = taken(client, SECONDS, most=most)
    if not messages:
        raise silent(topic, seconds=SECONDS)
    return messages


def end_of(client: Any, topic: str, partition: int, *, seconds: float = SECONDS) -> int:  # noqa: ANN401 - the client has no types
    """The offset after the last record of a partition. Faults that pass are waited out for so long."""
    again = Retrying(
        retry=retry_if_exception(passes), stop=stop_after_delay(seconds), wait=wait_fixed(0.1), reraise=True
    )
    _, high = again(client.get_watermark_offsets, TopicPartition(topic, partition), timeout=seconds)
    return int(high)


def record_at(settings: Settings, topic: TopicName, partition: int, offset: int) -> Found | None:
    """The record that stands there, as it is; None where the topic ends before. Raises `UnableToHearKafkaError`."""
    name = topic_name(settings, topic)
    with reader(settings) as client:
        if end_of(client, name, partition) <= offset:
            return None
        client.assign([TopicPartition(name, partition, offset)])
        return found_of(some(client, name, most=1)[0], topic)


def found_of(message: Message, topic: TopicName) -> Found:
    """The record as a dead letter keeps it. Raises `UnableToReadRecordError` when the client reports a fault."""
    partition, offset = place_of(message)
    return Found(topic, partition, offset, key_of(message), value_of(message), as_found(headers_in(message)))


def headers_in(message: Message) -> list[tuple[str, Any]]:
    """The record's headers; `HEADERS_NOT_READ` for all of them where the client cannot make text of a name."""
    try:
        headers: Any = message.headers()  # the client gives pairs, a dict, or None
    except (SystemError, UnicodeDecodeError):
        # The client holds on to a half-made list, which would end the process were it asked again.
        message.set_headers([HEADERS_NOT_READ])
        return [HEADERS_NOT_READ]
    return list(headers.items() if isinstance(headers, dict) else headers or ())


def key_of(message: Message) -> bytes | None:
    """The record's key; the client's types leave open whether it is text."""
    key = message.key()
    return key.encode() if isinstance(key, str) else key
