"""A command that could not be read goes to the dead letters as it came, with where it stood and why."""

from datetime import datetime

from faust.types import Message

from events.codec import UnableToReadError


def headers_of_unread(message: Message, unread: UnableToReadError, *, worker: str, now: datetime) -> dict[str, bytes]:
    """The headers of the dead letter; the value stays the bytes that were found."""
    told = {
        "reason": unread.reason,
        "detail": unread.detail,
        "topic": message.topic,
        "partition": str(message.partition),
        "offset": str(message.offset),
        "worker": worker,
        "seen": now.isoformat(),
    }
    return {name: value.encode() for name, value in told.items()}
