"""Reading the journal: every reader loads and follows it by the chain rule, and trusts no committed offset."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

import structlog
from confluent_kafka import Message, TopicPartition

from orchestrator.terms import Terms
from workers.journal.chain import Chain
from workers.journal.fold import Fold
from workers.journal.follower import Follower, follow
from workers.journal.in_order import in_order
from workers.journal.record import Entry, hash_of
from workers.runtime.asking import Asking
from workers.runtime.records import PATIENT, SECONDS, consumer, end_of, place_of, reader, some, taken, value_of
from workers.runtime.settings import Settings
from workers.runtime.silence import Silence, let_go
from workers.runtime.topics import short_name, topic_name

log = structlog.get_logger()
R = TypeVar("R")


def folds_of(settings: Settings, terms: Terms) -> list[Fold]:
    """A fold per partition, of which nothing is known yet."""
    return [Fold(partition, terms) for partition in range(settings.partitions)]


def chains_of(settings: Settings) -> list[Chain]:
    """A chain per partition, at its beginning."""
    return [Chain(partition) for partition in range(settings.partitions)]


class Journal(Generic[R]):
    """All partitions of the journal, followed from wherever their followers are.

    A reader that nobody waits for is `patient`: the broker hands it ten times a second what has come, and not each
    record at once, which costs both sides more than reading it.
    """

    def __init__(self, settings: Settings, followers: Iterable[Follower[R]], *, patient: bool = False) -> None:
        self.settings = settings
        self.topic = topic_name(settings, "journal")
        self.followers = {follower.partition: follower for follower in followers}
        self._asking = Asking(settings)
        self._patient = patient
        self._client = self._following()
        self._silence = Silence(lambda: self._asking.ends("journal", self.followers, seconds=5))

    def _following(self) -> Any:  # noqa: ANN401 - the client has no types
        """A client that goes on where the followers are."""
        client = consumer(self.settings, **(PATIENT if self._patient else {}))
        self._place(client)
        return client

    def _place(self, client: Any) -> None:  # noqa: ANN401 - as above
        client.assign([TopicPartition(self.topic, p, f.position) for p, f in self.followers.items()])

    def read(self, seconds: float = 0.1, *, most: int = 2000) -> list[tuple[int, R]]:
        """The next accepted records, waiting so long for the first. A client that has gone deaf is replaced.

        All are folded when this returns, so that whoever stops halfway through them has lost none.
        """
        if messages := taken(self._client, seconds, most=most):
            self._silence.broken()
        else:
            self._must_hear()
        return list(self._followed(messages))

    def _must_hear(self) -> None:
        if self._silence.is_deaf({p: follower.position for p, follower in self.followers.items()}):
            log.warning("client is deaf", topic=short_name(self.settings, self.topic))
            let_go(self._client)
            self._client = self._following()

    def _followed(self, messages: Iterable[Message]) -> Iterator[tuple[int, R]]:
        for message in messages:
            partition, _ = place_of(message)
            if (entry := follow(self.followers[partition], message)) is not None:
                yield partition, entry

    def ends(self) -> dict[int, int]:
        """The offset after the last record of each partition, asked at the broker now."""
        return self._asking.ends("journal", self.followers, seconds=self.settings.kafka_answer_seconds)

    def inbox_ends(self) -> dict[int, int]:
        """The offset after the last record of each partition of the inbox, asked at the broker now."""
        return self._asking.ends("inbox", self.followers, seconds=self.settings.kafka_answer_seconds)

    def catch_up(self, seen: Callable[[int, R], None] | None = None) -> None:
        """Read everything that is in the journal at this moment. Raises `UnableToHearKafkaError` when nothing comes."""
        ends = self.ends()
        while any(self.followers[p].position < end for p, end in ends.items()):
            for partition, entry in self._followed(some(self._client, self.topic)):
                if seen is not None:
                    seen(partition, entry)

    def in_order(self: "Journal[Entry]") -> Iterator[tuple[int, Entry]]:
        """Everything that is in the journal at this moment, the oldest first. Raises as `catch_up`."""
        self._client.unassign()  # others fetch meanwhile
        yield from in_order(self.settings, self.followers, self.ends())
        self._place(self._client)

    def close(self) -> None:
        """Let go of the connections."""
        let_go(self._client)
        self._asking.close()


def still_there(settings: Settings, folds: Iterable[Fold]) -> set[int]:
    """The partitions on which the record before each fold's position is the one that its head names."""
    ahead = {fold.partition: fold for fold in folds if fold.position > 0}
    there: set[int] = set()
    topic = topic_name(settings, "journal")
    with reader(settings) as client:
        within = {p: fold for p, fold in ahead.items() if fold.position <= end_of(client, topic, p)}
        client.assign([TopicPartition(topic, p, fold.position - 1) for p, fold in within.items()])
        waiting = set(within)
        while waiting and (message := client.poll(SECONDS)) is not None:
            partition, offset = place_of(message)
            if partition in waiting and offset == within[partition].position - 1:
                waiting.discard(partition)
                there |= {partition} if hash_of(value_of(message)) == within[partition].hash else set()
                client.pause([TopicPartition(topic, partition)])
    return there


def load(settings: Settings, fold: Fold, seen: Callable[[Entry], None] | None = None) -> None:
    """Read one partition to its present end into the fold. Raises `UnableToHearKafkaError` when nothing comes."""
    topic = topic_name(settings, "journal")
    with reader(settings) as client:
        end = end_of(client, topic, fold.partition)
        client.assign([TopicPartition(topic, fold.partition, fold.position)])
        while fold.position < end:
            for message in some(client, topic):
                if (entry := follow(fold, message)) is not None and seen is not None:
                    seen(entry)
