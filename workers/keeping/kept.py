"""One record as it stands in a topic, and whoever can hand all of them over: a Kafka, or a backup's file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple, Protocol

from workers.runtime.topics import TOPICS, TopicName

COMPACTED: Final = frozenset(topic.name for topic in TOPICS if topic.keep == "latest per key")
"""Topics of which the newest record per key counts, so that offsets may be missing in between."""
WAITING: Final = ("unrouted.json",)
"""What a programme keeps in its folder and moves into its inbox: reports that match nobody yet."""
CLOCKS: Final = ("clock", "timers")
"""What a rehearsal keeps in its folder and nowhere else."""
MARK: Final = 16
"""Bytes of a mark."""

Headers = tuple[tuple[str, bytes | None], ...]


class Kept(NamedTuple):
    """One record. Its topic and partition are known to whoever asked for it."""

    offset: int
    at: int
    """The record's own time, in milliseconds since 1970; -1 where it has none."""
    key: bytes | None
    value: bytes | None
    headers: str
    """As `headers_kept` writes them; empty where there are none."""


class Source(Protocol):
    """Where a whole programme can be read: a Kafka (`live.Live`), or a backup's file (`file.BackupFile`)."""

    programme: str
    prefix: str
    partitions: int

    def records(self, topic: TopicName, partition: int) -> Iterator[Kept]:
        """Everything that stands there, from the beginning to the end that it had when the first was asked for."""


@lru_cache(maxsize=1024)
def headers_kept(headers: Headers) -> str:
    """Headers as one text, their values in hex; answers all carry the same ones."""
    return json.dumps([(name, None if value is None else value.hex()) for name, value in headers]) if headers else ""


@lru_cache(maxsize=1024)
def headers_given(kept: str) -> Headers:
    """The headers that `headers_kept` made this text of."""
    found: Sequence[tuple[str, str | None]] = json.loads(kept) if kept else []
    return tuple((name, None if value is None else bytes.fromhex(value)) for name, value in found)


def mark_of(topic: str, partition: int, kept: Kept) -> bytes:
    """A hash of the record and its place, by which damage to either is noticed."""
    key, value = kept.key, kept.value
    sizes = f"{-1 if key is None else len(key)}/{-1 if value is None else len(value)}"
    place = f"{topic}/{partition}/{kept.offset}/{kept.at}/{sizes}/{kept.headers}/"
    return hashlib.blake2b(b"%b%b%b" % (place.encode(), key or b"", value or b""), digest_size=MARK).digest()
