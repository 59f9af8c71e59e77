"""A command that could not be read goes to the dead letters as it came, with where it stood and why."""

from datetime import datetime
from typing import Any

from events.codec import UnableToReadError


def headers_of_unread(message: Any, unread: UnableToReadError, *, worker: str, now: datetime) -> dict[str, bytes]:
    """The headers of the dead letter; the value stays the bytes that were found. `message` is faust's own."""
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
