"""The brake on our own mistakes: many subjects in a row whose decisions raise mean that the code is wrong, not they."""

from __future__ import annotations

from events.base import SubjectId
from events.codec import UnreadReason
from workers.journal.record import Entry


class Brake:
    """Counts over all partitions of a process, since one bug stumbles on each of them."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._raised: set[SubjectId] = set()

    @property
    def count(self) -> int:
        """Subjects whose decisions raised since the last decision that did not."""
        return len(self._raised)

    @property
    def bites(self) -> bool:
        """Whether a person must look before anything more is decided."""
        return self.count >= self._limit

    def decided(self, entry: Entry) -> None:
        """This was decided, or could not be. What never reached our decisions says nothing of them."""
        if entry.unread is None and not entry.duplicate:
            self._raised.clear()
        elif entry.unread is not None and entry.unread.reason == UnreadReason.DECISION_RAISED:
            self._raised.add(entry.subject)
