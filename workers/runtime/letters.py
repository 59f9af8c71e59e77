"""Dead letters: a record that could not be read or carried out, kept as it was found, with where it stood and why."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

from events.base import LetterId, SubjectId
from events.codec import UnableToReadError, decode_fact
from events.envelope import Said
from events.registry import AnyFact
from workers.runtime.topics import LARGEST, TOPICS, TopicName

FOUND: Final = "found."
"""What the names of the original record's headers begin with on its dead letter."""
CUT: Final = 100_000
"""So many bytes of one that is larger."""
WHOLE: Final = LARGEST // 2
"""So many bytes of a record its dead letter holds at the most; the record itself stands where it was found."""
SUBJECT: Final = re.compile(rb"[ESRWKP]-[A-Za-z0-9._-]{1,40}")
"""A `SubjectId` as a record's key."""


class Found(NamedTuple):
    """A record as it was found."""

    topic: TopicName
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()

    @property
    def letter(self) -> LetterId:
        """The dead letter about this record."""
        return letter_of(self.topic, self.partition, self.offset)


def letter_of(topic: TopicName, partition: int, offset: int) -> LetterId:
    """The dead letter about the record that stands there."""
    return LetterId(f"{topic}/{partition}/{offset}")


def placed(letter: LetterId) -> tuple[TopicName, int, int] | None:
    """The topic, partition and offset of the record that this letter is about; None where it names no topic of ours."""
    name, partition, offset = letter.rsplit("/", 2)
    topic = next((topic.name for topic in TOPICS if topic.name == name), None)
    return (topic, int(partition), int(offset)) if topic is not None else None


def subject_named(key: bytes | None, *, programme: str) -> SubjectId:
    """The subject that a record's key names; the programme's own, when it names none."""
    named = SUBJECT.fullmatch(key or b"")
    return SubjectId(named[0].decode("ascii") if named else f"P-{programme}")


def as_found(headers: Iterable[tuple[str, bytes | str | None]] | None) -> tuple[tuple[str, bytes], ...]:
    """A record's headers as clients give them, every value as bytes."""
    return tuple((name, value.encode() if isinstance(value, str) else value or b"") for name, value in headers or ())


def in_a_letter(found: Found) -> Found:
    """The record as its dead letter holds it: whole or, where no topic of ours would take that, its beginning.

    A compressed record may be far larger than what Kafka took for its size. The header `cut` then says how long it was,
    and what its hash is (BLAKE2b of 16 bytes).
    """
    value, headers = found.value or b"", sum(len(name) + len(value) for name, value in found.headers)
    if len(value) + len(found.key or b"") + headers <= WHOLE:
        return found
    told = f"{len(value)} bytes, {hashlib.blake2b(value, digest_size=16).hexdigest()}"
    return found._replace(key=found.key and found.key[:CUT], value=value[:CUT], headers=(("cut", told.encode()),))


def headers_of(
    found: Found, *, reason: str, detail: str, worker: str, code: str, at: datetime
) -> tuple[tuple[str, bytes], ...]:
    """The headers of the dead letter about this record; its key and value stay those that were found.

    `at` is when it was seen, by the programme's clock; `code` the fingerprint of the code that could not go on.
    """
    told = {
        "letter": found.letter,
        "topic": found.topic,
        "partition": str(found.partition),
        "offset": str(found.offset),
        "reason": reason,
        "detail": detail,
        "worker": worker,
        "code": code,
        "seen": at.isoformat(),
    }
    ours = tuple((name, value.encode()) for name, value in told.items())
    return (*ours, *((FOUND + name, value) for name, value in found.headers))


def fact_in(found: Found) -> Said[AnyFact] | None:
    """The fact in this record, as today's code reads it; None where it does not."""
    try:
        return decode_fact(found.value or b"")
    except UnableToReadError:
        return None
