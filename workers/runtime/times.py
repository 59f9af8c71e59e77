"""What the clock worker calls a time that has come: the same time of the same subject always has the same name."""

from datetime import UTC, datetime
from typing import Final

from events.base import SubjectId

CLOCK: Final = "/naadloos/clock"
"""The source of times that have come."""


def name_of_time(subject: SubjectId, due: datetime) -> str:
    """The id under which it is said that this time of the subject has come."""
    return f"time/{subject}/{due.astimezone(UTC).isoformat()}"
