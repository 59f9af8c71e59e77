"""Whoever follows a partition of the journal, record by record, by the chain rule."""

from typing import Protocol, TypeVar

from confluent_kafka import Message

from workers.journal.record import UnableToReadJournalError
from workers.runtime.language import _
from workers.runtime.records import place_of, value_of
from workers.runtime.unable import UnableToError

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
