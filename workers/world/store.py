"""What the world keeps on disk: the acts and releases in order, what was acknowledged, and its truth as JSON lines."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

_TABLES = """
CREATE TABLE IF NOT EXISTS happened (
    position INTEGER PRIMARY KEY, at TEXT NOT NULL, line TEXT NOT NULL, name TEXT NOT NULL,
    reference TEXT NOT NULL, body BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS acknowledged (id TEXT PRIMARY KEY) WITHOUT ROWID;
"""
RELEASE = ""
"""The name under which a release stands among the acts."""


class Row(NamedTuple):
    """An act on a line, or a release of all lines up to `at`."""

    at: datetime
    line: str
    name: str
    reference: str
    body: bytes


class WorldStore:
    """SQLite in one directory. A row that was written survives a kill at any moment."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(directory / "world.db", isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        # A killed process loses nothing in this mode; only a power cut may, and then the rehearsal begins again.
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.executescript(_TABLES)

    def write(self, row: Row) -> None:
        """Add this row, whole or not at all."""
        values = (row.at.isoformat(), row.line, row.name, row.reference, row.body)
        self._database.execute("INSERT INTO happened (at, line, name, reference, body) VALUES (?, ?, ?, ?, ?)", values)

    def rows(self) -> Iterator[Row]:
        """Everything that happened, in order."""
        query = "SELECT at, line, name, reference, body FROM happened ORDER BY position"
        for at, line, name, reference, body in self._database.execute(query):
            yield Row(datetime.fromisoformat(at), line, name, reference, body)

    def acknowledge(self, ids: Iterable[str]) -> None:
        """These reports were taken in and need not be said again."""
        self._database.execute("BEGIN")
        self._database.executemany("INSERT OR IGNORE INTO acknowledged VALUES (?)", [(id_,) for id_ in ids])
        self._database.execute("COMMIT")

    def acknowledged(self) -> set[str]:
        """The reports that were taken in."""
        return {id_ for (id_,) in self._database.execute("SELECT id FROM acknowledged")}

    def close(self) -> None:
        """Let go of the files."""
        self._database.close()


class TruthLog:
    """The truth as JSON lines. It is written after the store, so a restart finds it at most short, never ahead."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._present = _whole_lines(path)
        self._file = path.open("a", encoding="utf-8")

    def write(self, lines: Iterable[dict[str, Any]]) -> None:
        """Add these lines, but for those that a world before a restart wrote already."""
        text = []
        for line in lines:
            if self._present:
                self._present -= 1
            else:
                text.append(json.dumps(line, separators=(",", ":")) + "\n")
        if text:
            self._file.write("".join(text))
            self._file.flush()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _whole_lines(path: Path) -> int:
    """How many lines stand there; what a kill left half written is cut off."""
    if not path.exists():
        return 0
    raw = path.read_bytes()
    whole = raw[: raw.rfind(b"\n") + 1]
    if len(whole) != len(raw):
        with path.open("r+b") as file:
            file.truncate(len(whole))
    return whole.count(b"\n")
