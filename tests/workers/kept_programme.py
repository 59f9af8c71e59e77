"""A small programme in a backup's file, made without a Kafka: decided by the real fold, said as a decider says it."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest

from tests.workers.inbox_facts import MONDAY, PROGRAMME, TERMS, Record, fed, life, record
from workers.cli import backup, restore
from workers.journal.fold import Fold
from workers.journal.outputs import dead_letter, outputs
from workers.keeping import groups
from workers.keeping.beforehand import proved
from workers.keeping.file import BackupFile, Place
from workers.keeping.kept import Kept, headers_kept
from workers.keeping.opening import begun, opened
from workers.keeping.unable import UnableToTrustError
from workers.runtime.groups import Committed
from workers.runtime.letters import Found
from workers.runtime.topics import TOPICS, TopicName

Topics = dict[TopicName, list[Kept]]
AT = 1_798_790_400_000
"""Milliseconds: the time of every record."""


def kept(offset: int, value: bytes | None, key: bytes = b"E-0001", headers: str = "") -> Kept:
    return Kept(offset, AT + offset, key, value, headers)


@cache
def records() -> tuple[Record, ...]:
    """What is heard: a line's life, and a message that nobody can read."""
    return (*(record(one) for one in life()), Record(b"{broken", b"E-0001", MONDAY))


def programme(heard: Iterable[Record]) -> Topics:
    """All topics of a programme that heard this, on one partition."""
    topics: Topics = defaultdict(list)
    for one, (value, entry) in zip(heard, fed(Fold(0, TERMS), heard), strict=True):
        _append(topics, "inbox", one.raw, one.key)
        _append(topics, "journal", value, entry.subject.encode())
        said = [output for output in outputs(entry, 0) if output.topic != "inbox"]
        if entry.unread is not None:
            said.append(dead_letter(entry, Found("inbox", 0, entry.link.offset, one.key, one.raw, ())))
        for output in said:
            _append(topics, output.topic, output.value, output.key, headers_kept(output.headers))
    _append(topics, "people", b'{"name":"Ann"}', b"p-1")
    return topics


def _append(topics: Topics, topic: TopicName, value: bytes | None, key: bytes | None, headers: str = "") -> None:
    topics[topic].append(kept(len(topics[topic]), value, key or b"", headers))


def ends_of(topics: Topics) -> dict[Place, int]:
    return {(topic.name, 0): len(topics.get(topic.name, [])) for topic in TOPICS}


def fill(file: BackupFile, topics: Topics) -> None:
    for topic, found in topics.items():
        file.add(topic, [(0, each) for each in found])


def keep(path: Path, topics: Topics) -> None:
    """A whole backup of these topics in this file."""
    with begun(path, programme=PROGRAMME, prefix=PROGRAMME, partitions=1) as file:
        fill(file, topics)
        came = [Committed("deciders", "inbox", 0, len(topics["inbox"]), "")]
        file.close_cut(ends_of(topics), came, beside={"clock": b"2027-03-01T08:00:00+00:00"}, at=MONDAY)


def touched(path: Path, words: str, *given_: object) -> None:
    """Alter the file behind its own back."""
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute(words, given_).rowcount > 0


def refused(path: Path) -> str:
    """What is told of the file when it is to be restored."""
    with pytest.raises(UnableToTrustError) as told, opened(path) as file:
        proved(file)
    return str(told.value)


def kept_where_no_kafka_is_asked(path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A backup at this path, of the programme that commands find in their environment; they ask no Kafka anything."""
    keep(path, programme(records()))
    told = {"STATE_DIR": str(path.parent), "PROGRAMME": PROGRAMME, "PARTITIONS": "1", "LANG": "en"}
    for name, value in told.items():
        monkeypatch.setenv(f"NAADLOOS_{name}", value)
    for module in (backup, restore):
        monkeypatch.setattr(module, "ensure_broker", lambda *_asked, **_more: None)
    monkeypatch.setattr(groups, "busy", lambda _settings: [])
    monkeypatch.setattr(restore, "standing", lambda _target, _file: {})
    return path
