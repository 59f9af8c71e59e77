"""The file of a backup: an SQLite database with every record, the cut that is whole, and the groups' offsets.

A backup adds records in portions, each of which is on disk or not there at all. Only once everything is read and proved
does the cut move on, in one step: a backup that was interrupted leaves the cut before it as it was.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from workers.keeping.kept import COMPACTED, MARK, Kept, mark_of
from workers.keeping.unable import UnableToTrustError
from workers.runtime.groups import Committed
from workers.runtime.language import _
from workers.runtime.topics import TopicName

EVER: Final = 2**62
"""An offset after every other: in a compacted topic, what is newer than the cut has taken its place."""
_ADD: Final = "insert into records values (?, ?, ?, ?, ?, ?, ?, ?)"
_READ: Final = (
    "select place, at, key, value, headers from records where topic = ? and part = ? and place < ? order by place"
)
_OTHERS: Final = "delete from records where topic = ? and (part, place, mark) not in (select * from there)"

Place = tuple[TopicName, int]
"""A topic without its prefix, and a partition of it."""


class BackupFile:
    """One backup. Fulfils `kept.Source`: what it hands over is the last cut that was whole."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._sql = connection
        facts = dict(self._sql.execute("select name, value from facts"))
        self.programme, self.prefix = str(facts["programme"]), str(facts["prefix"])
        self.partitions = int(facts["partitions"])
        self.at = datetime.fromisoformat(facts["at"]) if "at" in facts else None
        """The programme's time at the last whole cut; None where there is none yet."""

    # What is in it.

    def records(self, topic: TopicName, partition: int) -> Iterator[Kept]:
        """The records of the last whole cut, in the order of their offsets; of a compacted topic, all that are here."""
        return self._read(topic, partition, EVER if topic in COMPACTED else self.ends()[topic, partition])

    def begun(self, topic: TopicName, partition: int) -> int:
        """The offset from which a backup goes on: after the last record that is here, part of a cut or not."""
        found = self._sql.execute(
            "select max(place) from records where topic = ? and part = ?", (topic, partition)
        ).fetchone()
        return 0 if found[0] is None else int(found[0]) + 1

    def at_place(self, topic: TopicName, partition: int, offset: int) -> Kept | None:
        """The record that stands there."""
        words = "select place, at, key, value, headers from records where topic = ? and part = ? and place = ?"
        found = self._sql.execute(words, (topic, partition, offset)).fetchone()
        return None if found is None else Kept(*found)

    def ends(self) -> dict[Place, int]:
        """The offset after the last one of the whole cut, per topic and partition. Raises `UnableToTrustError`."""
        found = {(topic, part): ends for topic, part, ends in self._sql.execute("select topic, part, ends from cut")}
        if not found:
            raise UnableToTrustError(_not_whole(self.path))
        return found

    def committed(self) -> list[Committed]:
        """How far each group had come at the last whole cut."""
        return [Committed(*row) for row in self._sql.execute("select * from offsets order by member, topic, part")]

    def beside(self) -> dict[str, bytes]:
        """What the programme keeps beside Kafka, by the name of its file."""
        return dict(self._sql.execute("select name, body from beside"))

    def counts(self) -> dict[TopicName, int]:
        """How many records of each topic are in the cut."""
        rows = self._sql.execute(
            "select topic, count(*) from records join cut using (topic, part) where place < ends"
            " group by topic order by topic"
        )
        return dict(rows)

    def size(self) -> int:
        """Bytes on disk."""
        return self.path.stat().st_size

    # What comes in.

    def add(self, topic: TopicName, records: Iterable[tuple[int, Kept]]) -> None:
        """These records, each with its partition, are on disk when this returns."""
        rows = [(topic, part, *kept, mark_of(topic, part, kept)) for part, kept in records]
        with self._sql:
            self._sql.executemany(_ADD, rows)

    def hold(self, topic: TopicName, records: Iterable[tuple[int, Kept]]) -> int:
        """Of this topic these records are here, each with its partition, and no others; how many of them are new."""
        rows = [(topic, part, *kept, mark_of(topic, part, kept)) for part, kept in records]
        with self._sql:
            self._sql.execute("create temp table if not exists there (part integer, place integer, mark blob)")
            self._sql.execute("delete from there")
            self._sql.executemany("insert into there values (?, ?, ?)", [(row[1], row[2], row[-1]) for row in rows])
            self._sql.execute(_OTHERS, (topic,))
            return self._sql.executemany(_ADD.replace("insert", "insert or ignore"), rows).rowcount

    def close_cut(
        self, ends: dict[Place, int], committed: Iterable[Committed], *, beside: dict[str, bytes], at: datetime
    ) -> None:
        """From here on, everything up to these ends is the backup."""
        with self._sql:
            for table in ("cut", "offsets", "beside"):
                self._sql.execute(f"delete from {table}")  # noqa: S608 - three names that stand here
            self._sql.executemany("insert into cut values (?, ?, ?)", [(t, p, end) for (t, p), end in ends.items()])
            self._sql.executemany("insert into offsets values (?, ?, ?, ?, ?)", list(committed))
            self._sql.executemany("insert into beside values (?, ?)", list(beside.items()))
            self._sql.execute("insert or replace into facts values ('at', ?)", (at.isoformat(),))
            self._sql.execute("insert or replace into facts values ('seal', ?)", (self._seal(),))
        self.at = at

    def _seal(self) -> str:
        """A hash of all that is not a record: the cut, the offsets, what was beside, and the facts about it."""
        digest = hashlib.blake2b(digest_size=MARK)
        tables = ("facts where name <> 'seal'", "cut", "offsets", "beside")
        for table in tables:
            for row in sorted(self._sql.execute(f"select * from {table}")):  # noqa: S608 - four names above
                digest.update(repr(row).encode())
        return digest.hexdigest()

    # Whether it is as it was written.

    def damage(self, ends: dict[Place, int]) -> Iterator[str]:
        """Every place where a record is not as it was written, up to these ends; each as a sentence."""
        for (topic, partition), end in sorted(ends.items()):
            expected = 0
            for kept, mark in self._marked(topic, partition, EVER if topic in COMPACTED else end):
                if topic not in COMPACTED and kept.offset != expected:
                    yield _missing(topic, partition, expected)
                if not _as_written(topic, partition, kept, mark):
                    yield _changed(topic, partition, kept.offset)
                expected = kept.offset + 1
            if topic not in COMPACTED and expected < end:
                yield _missing(topic, partition, expected)

    def sealed(self) -> bool:
        """Whether the cut, the offsets and the facts are as they were written, or not written yet."""
        found = self._sql.execute("select value from facts where name = 'seal'").fetchone()
        if found is None:
            return self._sql.execute("select 1 from cut").fetchone() is None
        return bool(found[0] == self._seal())

    def _marked(self, topic: str, partition: int, end: int) -> Iterator[tuple[Kept, bytes]]:
        words = "select place, at, key, value, headers, mark from records where topic = ? and part = ? and place < ?"
        for *fields, mark in self._sql.execute(f"{words} order by place", (topic, partition, end)):
            yield Kept(*fields), mark

    def _read(self, topic: str, partition: int, end: int) -> Iterator[Kept]:
        return (Kept(*row) for row in self._sql.execute(_READ, (topic, partition, end)))

    def upto(self, ends: dict[Place, int]) -> Part:
        """The file as far as these ends, a cut or not."""
        return Part(self, ends)


class Part:
    """A file up to ends that are not its cut yet. Fulfils `kept.Source`."""

    def __init__(self, file: BackupFile, ends: dict[Place, int]) -> None:
        self.programme, self.prefix, self.partitions = file.programme, file.prefix, file.partitions
        self._file, self._ends = file, ends

    def records(self, topic: TopicName, partition: int) -> Iterator[Kept]:
        """The records up to the ends, in the order of their offsets."""
        return self._file._read(topic, partition, self._ends[topic, partition])  # noqa: SLF001 - its other half


def _not_whole(path: Path) -> str:
    return "\n".join(
        (
            _("{path} is not whole: the backup was interrupted, and none was finished before.").format(path=path),
            _("Nothing was taken from it. Finish it:  naadloos backup {path} --go").format(path=path),
        )
    )


def _as_written(topic: str, partition: int, kept: Kept, mark: bytes) -> bool:
    try:
        return mark == mark_of(topic, partition, kept)
    except TypeError:
        return False  # what was bytes is text now


def _missing(topic: str, partition: int, offset: int) -> str:
    return _("{topic}, partition {partition}: the record at offset {offset} is missing").format(
        topic=topic, partition=partition, offset=offset
    )


def _changed(topic: str, partition: int, offset: int) -> str:
    return _("{topic}, partition {partition}: the record at offset {offset} is not as it was written").format(
        topic=topic, partition=partition, offset=offset
    )
