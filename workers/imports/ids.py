"""The ids that an import mints: hashes of what they stand for, so that importing twice gives the same ids."""

from __future__ import annotations

import hashlib
from datetime import datetime

from events.base import Message, PersonId, SubjectId


def person_of(employee: SubjectId) -> PersonId:
    """The key under which the `people` topic holds this employee's name and addresses."""
    return PersonId(f"p-{_digest('person', employee)}")


def said_id(programme: str, subject: SubjectId, message: Message) -> str:
    """The id of this message as said to this subject in this programme, whenever it is said."""
    return f"import-{_digest(programme, subject, message.model_dump_json())}"


def said_again_id(id_: str, *, at: datetime) -> str:
    """The id of a message that was said under this one before, and is meant again at this time."""
    return f"import-{_digest(id_, at.isoformat())}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:24]
