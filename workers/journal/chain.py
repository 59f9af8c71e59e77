"""The chain rule alone: for readers that need what a record says, and not what is known of every subject."""

from dataclasses import dataclass

from pydantic import ValidationError

from events.journal import FIRST, JournalRecord
from workers.journal.record import UnableToReadJournalError, foreign, hash_of
from workers.runtime.language import _


@dataclass
class Chain:
    """One partition's head. Fulfils `follower.Follower`."""

    partition: int
    offset: int = FIRST
    hash: str = ""
    position: int = 0

    def follow(self, value: bytes) -> JournalRecord | None:
        """The record, if it follows the head; None for a duplicate, a zombie's or a late writer's."""
        try:
            record = JournalRecord.model_validate_json(value)
        except ValidationError as error:
            if foreign(value, prev=self.offset, prev_hash=self.hash):
                return None
            message = _("a journal record does not read: {fault}").format(fault=error.errors()[0]["type"])
            raise UnableToReadJournalError(message) from None
        if (record.data.prev, record.data.prev_hash) != (self.offset, self.hash):
            return None
        self.offset, self.hash = record.data.offset, hash_of(value)
        return record
