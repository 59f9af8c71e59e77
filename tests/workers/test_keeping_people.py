"""The people in a backup's file are those whom Kafka knows, each as known last, whatever was in the file before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workers.inbox_facts import MONDAY, PROGRAMME
from tests.workers.kept_programme import ends_of, keep, kept, programme, records
from workers.keeping import backup
from workers.keeping.beforehand import proved, restorable
from workers.keeping.file import BackupFile
from workers.keeping.kept import Kept
from workers.keeping.opening import begun, opened
from workers.keeping.unable import UnableToReachFileError
from workers.runtime.groups import Committed
from workers.runtime.settings import Settings

TOPICS = programme(records())
SETTINGS = Settings(programme=PROGRAMME, topic_prefix=PROGRAMME, partitions=1)
ANN = TOPICS["people"][0]
BOB = kept(1, b'{"name":"Bob"}', b"p-2")
People = list[Kept]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    keep(tmp_path / "town.backup", TOPICS)
    return tmp_path / "town.backup"


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> People:
    """Who Kafka knows, as a backup reads it: whatever is in here by then."""
    known = [ANN]

    def cut_now(_: Settings) -> backup.Cut:
        ends = {**ends_of(TOPICS), ("people", 0): known[-1].offset + 1}
        return backup.Cut(ends, [Committed("deciders", "inbox", 0, len(TOPICS["inbox"]), "")], {})

    def portions(
        _: Settings, topic: str, begins: dict[int, int], ends: dict[int, int]
    ) -> Iterator[list[tuple[int, Kept]]]:
        there = known if topic == "people" else dict(TOPICS).get(topic, [])  # type: ignore[call-overload]
        for first in range(0, len(there), 100):
            yield [(0, one) for one in there[first : first + 100] if begins.get(0, 0) <= one.offset < ends[0]]

    monkeypatch.setattr(backup, "cut_now", cut_now)
    monkeypatch.setattr(backup, "portions", portions)
    return known


def backed_up(path: Path) -> int:
    """It is backed up; how many records came in."""
    return backup.backup(path, SETTINGS, now=lambda: MONDAY).added


def known_by(path: Path) -> dict[bytes | None, bytes | None]:
    """Whom a restore would put back."""
    with opened(path) as file:
        proved(file)
        return {one.key: one.value for one in restorable(file, "people", 0)}


def test_who_is_new_and_who_is_renewed_is_added_once(path: Path, people: People) -> None:
    people[:] = [BOB, kept(2, b'{"name":"Anne"}', b"p-1")]

    assert (backed_up(path), backed_up(path)) == (2, 0)
    assert known_by(path) == {b"p-1": b'{"name":"Anne"}', b"p-2": b'{"name":"Bob"}'}
    assert b'"Ann"' not in path.read_bytes()


def test_who_is_forgotten_is_forgotten_in_the_file(path: Path, people: People) -> None:
    people[:] = [ANN, BOB, kept(2, None, b"p-1")]

    assert (backed_up(path), backed_up(path)) == (1, 0)
    assert known_by(path) == {b"p-2": b'{"name":"Bob"}'}
    assert b"Ann" not in path.read_bytes()


def test_whom_kafka_forgot_long_ago_is_forgotten_in_the_file(path: Path, people: People) -> None:
    """It drops the record that forgot them as well, so no backup ever sees it."""
    people[:] = [BOB]
    backed_up(path)

    assert known_by(path) == {b"p-2": b'{"name":"Bob"}'}
    assert b"Ann" not in path.read_bytes()


def test_whom_the_file_lacks_is_added_though_their_offset_lies_before_the_last_one_in_it(
    path: Path, people: People
) -> None:
    with begun(path, programme=PROGRAMME, prefix=PROGRAMME, partitions=1) as file:
        file.hold("people", [(0, kept(2, b'{"name":"Eve"}', b"p-3"))])
    people[:] = [ANN, BOB, kept(2, b'{"name":"Eve"}', b"p-3")]

    assert backed_up(path) == 2
    assert set(known_by(path)) == {b"p-1", b"p-2", b"p-3"}


def test_after_a_restore_under_other_offsets_who_is_new_is_added(path: Path, people: People) -> None:
    with begun(path, programme=PROGRAMME, prefix=PROGRAMME, partitions=1) as file:
        file.hold("people", [(0, ANN._replace(offset=7))])
    people[:] = [ANN, BOB]
    backed_up(path)

    assert set(known_by(path)) == {b"p-1", b"p-2"}


def test_two_backups_do_not_add_to_one_file_at_once(
    path: Path, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(_file: BackupFile, _settings: Settings, _cut: backup.Cut) -> None:
        people.append(BOB)
        monkeypatch.setattr(backup, "_check_same", lambda *_: None)
        with pytest.raises(UnableToReachFileError, match="another backup into"):
            backed_up(path)

    monkeypatch.setattr(backup, "_check_same", meanwhile)
    backed_up(path)

    assert set(known_by(path)) == {b"p-1"}


def test_who_adds_to_a_file_keeps_nobody_from_reading_it(path: Path) -> None:
    with begun(path, programme=PROGRAMME, prefix=PROGRAMME, partitions=1):
        assert known_by(path) == {b"p-1": ANN.value}
