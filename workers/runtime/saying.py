"""Saying facts: into the inbox, durably, and who people are into the topic that alone may hold it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from events.base import Account, SubjectId
from events.codec import LONGEST, encode
from events.envelope import Said
from events.people import PersonKnown
from events.registry import AnyFact
from workers.runtime.language import _
from workers.runtime.letters import Found
from workers.runtime.metrics import count
from workers.runtime.settings import Settings
from workers.runtime.topics import LARGEST, PARTITIONER, TopicName, short_name, topic_name
from workers.runtime.unable import UnableToError

SECONDS: Final = 60
"""How long Kafka may take to acknowledge before the sayer is told that it did not."""

_LATE: Final = frozenset({"_MSG_TIMED_OUT", "_TIMED_OUT", "_TRANSPORT"})
"""What the client calls a record that no broker acknowledged in time."""


class UnableToSayError(UnableToError):
    """Kafka did not acknowledge everything that was said. What it did acknowledge is there."""


class UnableToReachKafkaError(UnableToSayError):
    """Kafka acknowledged nothing for as long as a sayer waits: it is away, and another try may do."""


class UnableToShortenError(UnableToError):
    """A message is longer than anybody may say; nothing of it was said."""

    kind = "wrong"


class Inbox:
    """Says facts to subjects. What `flush` or `say_all` returned from is on disk at Kafka, and will be decided."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._producer: Any = Producer(
            {
                "bootstrap.servers": settings.bootstrap_servers,
                "acks": "all",
                "enable.idempotence": True,
                "message.timeout.ms": SECONDS * 1000,
                "linger.ms": 5,
                "partitioner": PARTITIONER,
                "message.max.bytes": LARGEST,
                "log_level": 2,
            }
        )
        self._faults: list[str] = []

    def say(
        self,
        subject: SubjectId,
        fact: AnyFact,
        *,
        at: datetime,
        actor: Account | None,
        source: str,
        id: str | None = None,  # noqa: A002 - the envelope's own word
        recorded: datetime | None = None,
        cause: str = "",
    ) -> Said[AnyFact]:
        """Hand one fact, true at `at`, to the producer; `flush` makes it certain. Gives back what was said.

        Without an id it gets a new one: a person who says the same twice means it twice. Whoever says on behalf of a
        cause that may come again gives the cause's own id, by which the second copy is known. `cause` is the id of the
        message for whose sake it is said.
        """
        said = Said(
            id=id or uuid4().hex,
            source=source,
            subject=subject,
            time=at,
            recorded=recorded or at,
            message=fact,
            correlation=subject,
            causation=cause,
            actor=actor or "",
        )
        self._put("inbox", subject.encode(), _short(said))
        return said

    def say_all(self, saids: Iterable[Said[AnyFact]]) -> None:
        """All of these stand in the inbox, each subject's in this order.

        Raises `UnableToSayError`; `UnableToShortenError` before anything is said, where one of them is too long.
        """
        for key, value in [(said.subject.encode(), _short(said)) for said in saids]:
            self._put("inbox", key, value)
        self.flush()

    def make_known(self, people: Iterable[Said[PersonKnown]]) -> None:
        """The names and addresses of these people stand in the `people` topic. Raises `UnableToSayError`."""
        for said in people:
            self._put("people", said.message.person.encode(), encode(said))
        self.flush()

    def again(self, found: Found, *, act: str) -> None:
        """Hand a record that a dead letter is about to the producer as it was found, with the act that redrives it."""
        headers = [*found.headers, ("redriven", act.encode())]
        self._put(found.topic, found.key, found.value or b"", headers=headers)

    def flush(self) -> None:
        """Everything handed over so far is acknowledged by every copy. Raises `UnableToSayError`."""
        left = self._producer.flush(SECONDS)
        faults, self._faults = self._faults, []
        if not left and not faults:
            return
        if left or _LATE.issuperset(faults):
            why = _("no answer in {seconds} seconds").format(seconds=SECONDS)
            raise UnableToReachKafkaError(_unsaid(self._settings, left + len(faults), why))
        raise UnableToSayError(_unsaid(self._settings, len(faults), faults[0]))

    def _put(
        self, topic: TopicName, key: bytes | None, value: bytes, *, headers: Sequence[tuple[str, bytes]] = ()
    ) -> None:
        name = topic_name(self._settings, topic)
        while True:
            try:
                self._producer.produce(name, value, key, headers=list(headers), on_delivery=self._delivered)
            except BufferError:
                self._producer.poll(0.05)
            except KafkaException as fault:
                count("naadloos_produce_faults_total", topic=topic)
                self._faults.append(fault.args[0].name())  # told by the flush that ends what is being said
                return
            else:
                return

    def _delivered(self, error: KafkaError | None, message: Message) -> None:
        if error is not None:
            count("naadloos_produce_faults_total", topic=short_name(self._settings, message.topic()))
            self._faults.append(error.name())


def _unsaid(settings: Settings, count: int, why: str) -> str:
    return "\n".join(
        (
            _("Not everything was said: Kafka at {servers} did not acknowledge {count} messages ({why}).").format(
                servers=settings.bootstrap_servers, count=count, why=why
            ),
            _("What it acknowledged stands. See whether it runs:  naadloos kafka status"),
            _("Then give the same command again."),
        )
    )


def _short(said: Said[AnyFact]) -> bytes:
    value = encode(said)
    if len(value) > LONGEST:
        raise UnableToShortenError(
            _("Not said: the message to {subject} has {bytes} bytes, and {most} are the most.").format(
                subject=said.subject, bytes=len(value), most=LONGEST
            )
            + "\n"
            + _("Nothing was said. Write its reason or note in fewer words, and give the same command again.")
        )
    return value
