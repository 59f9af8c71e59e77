"""Reading the journal: every reader loads and follows it by the chain rule, and trusts no committed offset."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, Protocol, TypeVar

import structlog
from confluent_kafka import Message, TopicPartition

from orchestrator.terms import Terms
from workers.journal.chain import Chain
from workers.journal.fold import Fold
from workers.journal.record import Entry, UnableToReadJournalError, hash_of
from workers.runtime.asking import Asking
from workers.runtime.language import _
from workers.runtime.records import PATIENT, SECONDS, consumer, end_of, place_of, reader, some, taken, value_of
from workers.runtime.settings import Settings
from workers.runtime.silence import Silence, let_go
from workers.runtime.topics import short_name, topic_name
from workers.runtime.unable import UnableToError

log = structlog.get_logger()
R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R")


class Follower(Protocol[R_co]):
    """Whatever reads one partition by the chain rule: a `Fold`, or a `Chain` that keeps the head alone."""

    partition: int
    offset: int
    position: int

    def follow(self, value: bytes) -> R_co | None:
        """What the record says, if it follows the head; None otherwise."""


class UnableToFollowError(UnableToError):
    """The journal cannot be read on."""


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
        client.assign([TopicPartition(self.topic, p, f.position) for p, f in self.followers.items()])
        return client

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

    def close(self) -> None:
        """Let go of the connections."""
        let_go(self._client)
        self._asking.close()


def follow(follower: Follower[R], message: Message) -> R | None:
    """Fold one record of the journal topic in; None when it does not follow the head."""
    value = value_of(message)
    try:
        entry = follower.follow(value)
    except UnableToReadJournalError as error:
        raise UnableToFollowError(_unreadable(follower.partition, message.offset(), error)) from None
    follower.position = place_of(message)[1] + 1
    return entry


def _unreadable(partition: int, offset: int | None, error: UnableToReadJournalError) -> str:
    return (
        _("The journal does not read at partition {partition}, offset {offset}: {error}.").format(
            partition=partition, offset=offset, error=error
        )
        + " "
        + _("Nothing was folded past it. Was it written by newer code? Then run that code.")
        + " "
        + _("Else see whether somebody changed it:  naadloos audit")
    )


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
