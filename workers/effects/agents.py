"""The faust apps: one per kind of command, under the five rules that keep faust at least once.

The rules: the default processing guarantee; one agent coroutine per app; no tables; a command counts as done only when
its answer is on the broker; no exception leaves the loop, since faust would commit past the command it was about.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final, cast

import faust
import structlog
from faust.streams import Stream
from faust.types import TP, EventT, StreamT, TopicT

from events.codec import CONTENT_TYPE, UnableToReadError, UnreadReason, decode_command, encode
from events.control import PartySilent
from events.registry import AnyFact
from workers.effects.answers import answer, letter_told, party_told
from workers.effects.parties import Parties
from workers.effects.portions import Portions, Taken
from workers.runtime.ends import End
from workers.runtime.fingerprint import fingerprint
from workers.runtime.groups import group_id
from workers.runtime.letters import Found, as_found, headers_of, in_a_letter
from workers.runtime.metrics import count
from workers.runtime.settings import Settings
from workers.runtime.topics import COMMAND_TOPICS, LARGEST, topic_name
from workers.runtime.where import where

MOST_AT_ONCE: Final = 100
SESSION_SECONDS: Final = 6.0
CODE: Final = ("events", "workers.effects", "workers.providers")
"""The packages whose code carries commands out."""
log = structlog.get_logger()


class Station:
    """One kind's app with its agent: commands in, answers out."""

    def __init__(self, kind: str, settings: Settings, *, parties: Parties) -> None:
        self.kind = kind
        self.clock = parties.clock
        self.breakers = parties.breakers
        self.app = build_app(kind, settings)
        self._programme = settings.programme
        self.portions = Portions(parties.carry_out, say=self._say, bury=self._bury_failed)
        self._waiting: asyncio.Queue[EventT[bytes]] = asyncio.Queue(MOST_AT_ONCE)
        self._begun: dict[TP, int] = {}
        self.working = False
        """Whether it is at a portion of commands."""
        self.said = 0
        """How much this process has said so far: answers, and dead letters."""
        self._inbox = raw_topic(self.app, topic_name(settings, "inbox"))
        self._dead_letters = raw_topic(self.app, topic_name(settings, "dead-letters"))
        self._commands = raw_topic(self.app, topic_name(settings, COMMAND_TOPICS[kind]))
        self.agent = self.app.agent(self._commands, name=f"{settings.topic_prefix}-{kind}")(self._work)
        self.app.on_partitions_assigned.connect(self._mark_doubtful)

    @property
    def has_partitions(self) -> bool:
        """Whether commands of this kind come to this process."""
        return bool(self._begun)

    async def behind(self) -> bool:
        """Whether something is left to do: it has no partitions, or records stand after what it committed."""
        places = list(self._begun)
        if not places:
            return True
        consumer: Any = self.app.consumer
        ends, committed = await consumer.highwaters(*places), consumer._committed_offset  # noqa: SLF001 - told nowhere else
        return any(end > (committed.get(place) or 0) for place, end in ends.items())

    async def tell_of_parties(self) -> None:
        """The programme has heard which parties fell silent, or answer. Of these only a silence asks for a look."""
        for fact in self.breakers.news():
            now = self.clock.now()
            said = party_told(fact, worker=self.kind, programme=self._programme, now=now)
            await self._send(self._inbox, key=said.subject.encode(), value=encode(said), headers=_CLOUD_EVENT)
            if isinstance(fact, PartySilent):
                log.warning("party", kind=self.kind, type=fact.type, where=fact.party)
            else:
                log.info("party", kind=self.kind, type=fact.type, where=fact.party)

    async def _work(self, stream: StreamT[bytes]) -> None:
        # Without acks of its own: faust would count a command as done once the next is asked for.
        portions = asyncio.create_task(self._in_portions())
        try:
            async for event in cast("Stream[bytes]", stream).noack().events():
                await self._waiting.put(event)
        finally:
            portions.cancel()

    async def _in_portions(self) -> None:
        while True:
            events = await self._taken_together()
            self.working = True
            try:
                await self.portions.work([taken async for taken in self._readable(events)])
                await self.tell_of_parties()
                for event in events:
                    event.ack()
            except Exception as error:
                # Whatever it is, the commands may not pass for done.
                log.critical("worker stops", kind=self.kind, error=type(error).__name__, exc_info=True)
                os._exit(End.ANEW)
            finally:
                self.working = False

    async def _taken_together(self) -> list[EventT[bytes]]:
        events = [await self._waiting.get()]
        while len(events) < MOST_AT_ONCE and not self._waiting.empty():
            events.append(self._waiting.get_nowait())
        return events

    async def _readable(self, events: list[EventT[bytes]]) -> AsyncIterator[Taken]:
        for event in events:
            message = event.message
            found = self._found(event)
            try:
                said = decode_command(event.value or b"")
            except UnableToReadError as unread:
                await self._bury(found, reason=unread.reason, detail=unread.detail)
            else:
                yield Taken(said, doubtful=self._doubtful(message.tp, message.offset), found=found)

    def _doubtful(self, place: TP, offset: int) -> bool:
        # Not yet told where the topic ended when this partition came to us: then it may all have been begun.
        return place not in self._begun or offset < self._begun[place]

    async def _mark_doubtful(self, _: object, /, *assigned: set[TP], **__: object) -> None:
        places = set[TP]().union(*assigned)
        self._begun.clear()
        if places:
            self._begun.update(await self.app.consumer.highwaters(*places))

    async def _say(self, taken: Taken, fact: AnyFact, began: float) -> None:
        now = self.clock.now()
        said = answer(taken.said, fact, worker=self.kind, now=now)
        await self._send(self._inbox, key=said.subject.encode(), value=encode(said), headers=_CLOUD_EVENT)
        count("naadloos_commands_answered_total", kind=self.kind, outcome=fact.type)
        log.info(
            "answered",
            kind=self.kind,
            type=taken.said.message.type,
            line=taken.said.message.line,
            key=taken.said.message.key,
            outcome=fact.type,
            ms=round((time.perf_counter() - began) * 1000, 1),
        )

    def _found(self, event: EventT[bytes]) -> Found:
        message = event.message
        key = event.key if isinstance(event.key, bytes) else None
        headers = as_found(dict(message.headers or {}).items())
        return Found(COMMAND_TOPICS[self.kind], message.partition, message.offset, key, event.value, headers)

    async def _bury_failed(self, taken: Taken, error: Exception) -> None:
        assert taken.found is not None
        log.error("failed", kind=self.kind, key=taken.said.message.key, error=type(error).__name__, where=where(error))
        detail = f"{type(error).__name__} while carrying out {taken.said.message.type}"
        await self._bury(taken.found, reason=UnreadReason.EFFECT_RAISED, detail=detail)

    async def _bury(self, found: Found, *, reason: UnreadReason, detail: str) -> None:
        """The record is a dead letter, and its subject has heard of it."""
        now, found = self.clock.now(), in_a_letter(found)
        headers = headers_of(found, reason=reason, detail=detail, worker=self.kind, code=fingerprint(*CODE), at=now)
        await self._send(self._dead_letters, key=found.key, value=found.value or b"", headers=dict(headers))
        told = letter_told(found, reason=reason, detail=detail, worker=self.kind, programme=self._programme, now=now)
        await self._send(self._inbox, key=told.subject.encode(), value=encode(told), headers=_CLOUD_EVENT)
        count("naadloos_commands_buried_total", kind=self.kind, reason=reason)
        log.error(
            "buried",
            kind=self.kind,
            reason=reason,
            because=detail,
            topic=found.topic,
            partition=found.partition,
            offset=found.offset,
        )

    async def _send(self, topic: TopicT, *, key: bytes | None, value: bytes, headers: Mapping[str, bytes]) -> None:
        at = self.clock.now().timestamp()
        await (await topic.send(key=key, value=value, headers=headers, timestamp=at))
        self.said += 1


_CLOUD_EVENT: Final = {"content-type": CONTENT_TYPE.encode()}


def build_app(kind: str, settings: Settings) -> faust.App:
    """A faust app that reads one kind's commands in a consumer group of its own."""
    return faust.App(
        group_id(settings, kind),
        broker=[f"kafka://{server}" for server in settings.bootstrap_servers.split(",")],
        datadir=settings.state_dir / "faust",
        processing_guarantee="at_least_once",
        producer_acks=-1,
        producer_max_request_size=LARGEST,
        producer_linger=0,
        broker_commit_interval=0.5,
        broker_session_timeout=SESSION_SECONDS,
        broker_heartbeat_interval=SESSION_SECONDS / 3,
        consumer_auto_offset_reset="earliest",
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        autodiscover=False,
    )


def raw_topic(app: faust.App, name: str) -> TopicT:
    """The topic as it stands there: faust reads and writes bytes, and nothing of what they say."""
    return app.topic(name, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")
