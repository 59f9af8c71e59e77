"""Who is who: the `people` topic read into memory, and followed for as long as the worker lives."""

import asyncio
import os
from collections.abc import Mapping
from typing import Final

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaConnectionError
from mode import Service
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from events.base import Message, PersonId
from events.codec import UnableToReadError, decode_any
from events.people import PersonKnown
from workers.runtime.ends import End
from workers.runtime.settings import Settings
from workers.runtime.topics import topic_name

log = structlog.get_logger()
_POLL_MS: Final = 500


class People:
    """The people known now, by person id."""

    def __init__(self) -> None:
        self._by_key: dict[bytes, PersonId] = {}
        self._by_id: dict[PersonId, PersonKnown] = {}

    def hear(self, key: bytes, value: bytes | None) -> None:
        """One record of the topic: a person is known, or, by an empty one, forgotten. The unreadable is logged."""
        if value is None:
            self._by_id.pop(self._by_key.pop(key, PersonId(key.decode(errors="replace"))), None)
            return
        person = _read(value)
        if isinstance(person, PersonKnown):
            self._by_key[key] = person.person
            self._by_id[person.person] = person

    def get(self, person: PersonId) -> PersonKnown | None:
        """The person, None where nobody is known under this id (or no more)."""
        return self._by_id.get(person)


def _read(value: bytes) -> Message | None:
    try:
        return decode_any(value).message
    except UnableToReadError as unread:
        # No traceback: it would show what stood in the record.
        log.warning("person not read", reason=unread.reason, because=unread.detail)
        return None


class PeopleFollowed(Service):
    """Reads the topic to its end before anything else starts, then follows it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._topic = topic_name(settings, "people")
        self._reads = asyncio.Lock()
        self._people = People()
        self._consumer: AIOKafkaConsumer | None = None
        super().__init__()

    async def on_start(self) -> None:
        """The directory holds what the topic holds now."""
        consumer = await self._patiently_connected()
        places = [TopicPartition(self._topic, number) for number in range(self._settings.partitions)]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        self._consumer = consumer
        await self._catch_up()

    async def _patiently_connected(self) -> AIOKafkaConsumer:
        """Connected; or the process ends, to be started again for as long as Kafka is away."""
        seconds = self._settings.kafka_answer_seconds
        again = retry(
            retry=retry_if_exception_type(KafkaConnectionError),
            stop=stop_after_delay(seconds),
            wait=wait_fixed(0.2),
            reraise=True,
        )
        try:
            return await again(self._connected)()
        except KafkaConnectionError:
            log.critical("kafka is away", seconds=seconds)
            os._exit(End.KAFKA_AWAY)

    async def _connected(self) -> AIOKafkaConsumer:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._settings.bootstrap_servers, auto_offset_reset="earliest", enable_auto_commit=False
        )
        try:
            await consumer.start()
        except KafkaConnectionError:
            await consumer.stop()
            raise
        return consumer

    async def on_stop(self) -> None:
        """The connection is closed."""
        if self._consumer is not None:
            await self._consumer.stop()

    async def person(self, person: PersonId) -> PersonKnown | None:
        """The person. Who is not known yet is looked for in what was said up to this moment."""
        known = self._people.get(person)
        if known is None:
            await self._catch_up()
            known = self._people.get(person)
        return known

    @Service.task
    async def _follow(self) -> None:
        while not self.should_stop:
            async with self._reads:
                await self._read(timeout_ms=0)
            await self.sleep(_POLL_MS / 1000)

    async def _catch_up(self) -> None:
        consumer = self._consumer
        if consumer is None:
            return
        async with self._reads:
            ends: Mapping[TopicPartition, int] = await consumer.end_offsets(list(consumer.assignment()))
            while any([await consumer.position(place) < end for place, end in ends.items()]):
                await self._read(timeout_ms=_POLL_MS)

    async def _read(self, *, timeout_ms: int) -> None:
        if self._consumer is None:
            return
        for records in (await self._consumer.getmany(timeout_ms=timeout_ms)).values():
            for record in records:
                self._people.hear(record.key or b"", record.value)
