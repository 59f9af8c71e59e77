"""A programme out of a file, back into a Kafka: every record at its old offset, every group where it was.

The inbox comes last: before it is there no decider has anything to decide. Whoever wants to run workers is refused
until everything stands and was read back (`crew.alone`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from itertools import islice
from typing import Any, Final

from confluent_kafka import Producer

from workers.inbound.unrouted import in_either
from workers.journal.clients import producer_config
from workers.keeping import groups
from workers.keeping.beforehand import is_drill, others_there, restorable, standing
from workers.keeping.file import BackupFile, Place
from workers.keeping.kept import WAITING, Kept, headers_given
from workers.keeping.live import PORTION
from workers.runtime.asking import Asking
from workers.runtime.drill import mark_as_drill
from workers.runtime.files import kept
from workers.runtime.language import _
from workers.runtime.settings import Settings, current_file
from workers.runtime.topics import COMMAND_TOPICS, TopicName, create_topics, topic_name
from workers.runtime.unable import UnableToAllowError, UnableToError

INBOX_LAST: Final[tuple[TopicName, ...]] = ("journal", "dead-letters", *COMMAND_TOPICS.values(), "people", "inbox")
"""Before the inbox is there no decider has anything to decide."""
Say = Callable[[str, int], None]
"""Hears a topic, and how many records of it were put back, as they go."""


class UnableToPutBackError(UnableToError):
    """Kafka did not take what the file holds. What it took stands."""


def restore(target: Settings, file: BackupFile, stands: Counter[Place], *, say: Say = lambda _t, _c: None) -> None:
    """All of the file stands in the topics, behind what stood there (`standing`); read back and found the same.

    Topics of another prefix than the file's are marked as a drill before anything stands in them.
    Raises `UnableToAllowError`; then no worker may be started, and the same command goes on where this one stopped.
    """
    create_topics(target)
    if is_drill(target, file):
        mark_as_drill(target)
    for topic in INBOX_LAST[:-1]:
        _put_back(target, file, topic, stands, say)
    groups.restore(target, file.committed())
    _put_back(target, file, INBOX_LAST[-1], stands, say)
    again = standing(target, file)
    for topic in INBOX_LAST:
        for partition in range(file.partitions):
            if again[topic, partition] != sum(1 for _kept in restorable(file, topic, partition)):
                raise UnableToAllowError(_not_there(topic_name(target, topic), partition, again[topic, partition]))
    _beside(target, file)


def _beside(target: Settings, file: BackupFile) -> None:
    """What waited waits again: what became of it since went with Kafka. What came since waits on."""
    for name, body in file.beside().items():
        path = target.folder / name
        if not path.exists():
            kept(path, body)
        elif name in WAITING:
            kept(path, in_either(body, path.read_bytes()))


def point_to(target: Settings) -> bool:
    """Commands are led to these topics, unless the programme's name leads to others; whether they are led to these."""
    pointer = current_file(target.state_dir, target.programme)
    if not pointer.exists() and target.topic_prefix != target.programme:
        pointer.write_text(target.topic_prefix, encoding="utf-8")
    current = pointer.read_text(encoding="utf-8").strip() if pointer.exists() else target.programme
    return current == target.topic_prefix


def _put_back(target: Settings, file: BackupFile, topic: TopicName, stands: Counter[Place], say: Say) -> None:
    count = 0
    with closing(_Writer(target, topic)) as writer:
        for partition in range(file.partitions):
            records = islice(restorable(file, topic, partition), stands[topic, partition], None)
            writer.check(partition, stands[topic, partition])
            while portion := list(islice(records, PORTION)):
                writer.write(partition, portion)
                count += len(portion)
                say(topic, count)


_AS_IT_WAS_TAKEN: Final = {
    "linger.ms": 20,
    "message.timeout.ms": 120_000,
    # Kafka looks at the size of what is compressed: a record may be larger than any that we would say.
    "message.max.bytes": 1_000_000_000,
    "compression.type": "zstd",
}


class _Writer:
    """Writes records of one topic, each to its own partition, in order."""

    def __init__(self, target: Settings, topic: TopicName) -> None:
        self._short = topic
        self._topic = topic_name(target, topic)
        self._asking = Asking(target)
        self._producer: Any = Producer({**producer_config(target), **_AS_IT_WAS_TAKEN})
        self._faults: list[str] = []

    def check(self, partition: int, stands: int) -> None:
        """Nobody else wrote meanwhile: the partition ends where it did. Raises `UnableToAllowError`."""
        if self._asking.ends(self._short, [partition])[partition] != stands:
            raise UnableToAllowError(others_there(self._topic, partition, stands))

    def write(self, partition: int, portion: list[Kept]) -> None:
        """These stand at the end of the partition. Raises `UnableToPutBackError` where Kafka did not take them."""
        for each in portion:
            self._produce(partition, each)
        if self._producer.flush(120) or self._faults:
            why = self._faults[0] if self._faults else "?"
            raise UnableToPutBackError(_not_taken(self._topic, partition, why))

    def _produce(self, partition: int, record: Kept) -> None:
        more = {"timestamp": record.at} if record.at > 0 else {}
        headers = list(headers_given(record.headers))
        while True:
            try:
                self._producer.produce(
                    self._topic,
                    record.value,
                    record.key,
                    partition=partition,
                    headers=headers,
                    on_delivery=self._delivered,
                    **more,
                )
                return
            except BufferError:
                self._producer.poll(0.05)

    def _delivered(self, error: Any, _message: object) -> None:  # noqa: ANN401 - the client has no types
        if error is not None:
            self._faults.append(error.name())

    def close(self) -> None:
        """Let go of the connections."""
        self._asking.close()


def _not_there(topic: str, partition: int, offset: int) -> str:
    return "\n".join(
        (
            _(
                "Read back, {topic}, partition {partition}, ends at offset {offset}: not all of the file is there."
            ).format(topic=topic, partition=partition, offset=offset),
            _("Start no worker. Give the same command again."),
        )
    )


def _not_taken(topic: str, partition: int, why: str) -> str:
    return "\n".join(
        (
            _("Kafka did not take records for {topic}, partition {partition} ({why}).").format(
                topic=topic, partition=partition, why=why
            ),
            _("Start no worker. See whether it runs:  naadloos kafka status   Then give the same command again."),
        )
    )
