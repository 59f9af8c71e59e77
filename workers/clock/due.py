"""Who is to be looked at, and when: folded from the journal, so that a restarted clock forgets nobody."""

import heapq
from datetime import datetime

from events.base import SubjectId
from events.journal import JournalRecord


class Due:
    """The time each subject asked for last, and the subjects whose time has come."""

    def __init__(self) -> None:
        self._looks: dict[SubjectId, datetime] = {}
        self._said: dict[SubjectId, datetime] = {}
        self._heap: list[tuple[datetime, SubjectId]] = []

    def heard(self, record: JournalRecord) -> None:
        """Know what this record says of its subject's next look. A duplicate decided nothing, so it says nothing."""
        data = record.data
        if data.duplicate or (data.unread is not None and data.look is None):
            return
        self._said.pop(record.subject, None)
        if data.look is None:
            self._looks.pop(record.subject, None)
            return
        self._looks[record.subject] = data.look
        heapq.heappush(self._heap, (data.look, record.subject))

    def next(self) -> datetime | None:
        """The earliest look that is still wanted and not said."""
        while self._heap:
            at, subject = self._heap[0]
            if self._looks.get(subject) == at and self._said.get(subject) != at:
                return at
            heapq.heappop(self._heap)
        return None

    def come(self, now: datetime) -> list[tuple[SubjectId, datetime]]:
        """The subjects whose time has come, each with the time it asked for, once."""
        due = []
        while (at := self.next()) is not None and at <= now:
            _, subject = heapq.heappop(self._heap)
            self._said[subject] = at
            due.append((subject, at))
        return due

    def waiting(self, now: datetime) -> bool:
        """Whether a subject's time has come and no decision of it is in the journal yet."""
        return bool(self._said) or ((at := self.next()) is not None and at <= now)
