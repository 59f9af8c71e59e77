"""Whatever happened to a backup's file since it was written is noticed, and named."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.inbox_facts import PROGRAMME
from tests.workers.kept_programme import keep, programme, records, refused, touched
from workers.cli import main
from workers.cli.exits import Exit
from workers.keeping.beforehand import proved
from workers.keeping.kept import mark_of
from workers.keeping.opening import opened
from workers.keeping.unable import UnableToTrustError

TOPICS = programme(records())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    keep(tmp_path / "town.backup", TOPICS)
    return tmp_path / "town.backup"


def cut_off(path: Path) -> str:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return "damaged"


def flip(path: Path) -> str:
    whole = path.read_bytes()
    value = TOPICS["journal"][9].value or b""
    place = whole.index(value[-100:-20])  # a long value goes on elsewhere in the file, in one piece here
    path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    return "journal, partition 0: the record at offset 9 is not as it was written"


def remove(path: Path) -> str:
    touched(path, "delete from records where topic = 'inbox' and place = 4")
    return "inbox, partition 0: the record at offset 4 is missing"


@pytest.mark.parametrize("harm", [cut_off, flip, remove])
def test_a_damaged_file_is_refused_before_a_kafka_is_looked_for(
    path: Path, harm: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NAADLOOS_PARTITIONS", "1")
    monkeypatch.setenv("NAADLOOS_PROGRAMME", PROGRAMME)
    monkeypatch.setenv("NAADLOOS_STATE_DIR", str(path.parent))
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    place = harm(path)

    assert main(["--lang", "en", "restore", str(path), "--go"]) == Exit.BAD_INPUT
    assert place in capsys.readouterr().err


@pytest.mark.parametrize("topic", sorted(TOPICS))
@pytest.mark.parametrize("column", ["value", "key", "at", "headers"])
def test_a_record_that_was_altered_is_named(path: Path, topic: str, column: str) -> None:
    altered = {"value": "x'7b7d'", "key": "x'452d30'", "at": "at + 1", "headers": '\'[["a", "62"]]\''}[column]
    touched(path, f"update records set {column} = {altered} where topic = ? and place = 0", topic)

    assert f"{topic}, partition 0: the record at offset 0 is not as it was written" in refused(path)


@pytest.mark.parametrize("topic", sorted(set(TOPICS) - {"people"}))
def test_a_record_that_was_removed_is_named(path: Path, topic: str) -> None:
    last = len(TOPICS[topic]) - 1  # type: ignore[index]
    for place in {0, last}:
        touched(path, "delete from records where topic = ? and place = ?", topic, place)
        assert f"{topic}, partition 0: the record at offset" in refused(path)


@pytest.mark.parametrize(
    "words",
    [
        "update offsets set next = next - 1",
        "delete from offsets",
        "update facts set value = 'other' where name = 'prefix'",
        "update beside set body = x'00'",
    ],
)
def test_an_altered_list_of_what_it_holds_is_noticed(path: Path, words: str) -> None:
    touched(path, words)

    assert "its own list" in refused(path)


def test_who_renews_the_marks_still_meets_the_chain(path: Path) -> None:
    """Somebody who knows the file's shape alters a decision and makes the file whole again."""
    old = TOPICS["journal"][5]
    new = old._replace(value=(old.value or b"").replace(b'"code":"', b'"code":"f'))
    touched(
        path,
        "update records set value = ?, mark = ? where topic = 'journal' and place = 5",
        new.value,
        mark_of("journal", 0, new),
    )

    assert "journal, partition 0, offset 5: was altered" in refused(path)


def test_text_that_is_no_text_any_more_is_damage() -> None:
    whole = _bytes()
    begins = whole.index(b"CREATE TABLE facts")
    for place in range(begins, begins + 30):
        for path in _file_of(whole[:place] + bytes([whole[place] ^ 0x80]) + whole[place + 1 :]):
            assert refused(path)


@given(st.data())
@settings(max_examples=60)
def test_a_flipped_byte_anywhere_in_the_file_changes_nothing_unseen(data: st.DataObject) -> None:
    """Either it is refused, or what comes out is what went in: a page has room that nobody reads."""
    whole = _bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    for path in _file_of(whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :]):
        try:
            with opened(path) as file:
                proved(file)
                came_out = {topic: list(file.records(topic, 0)) for topic in TOPICS}
                assert len(file.committed()) == 1
        except UnableToTrustError:
            continue
        assert came_out == TOPICS


@given(st.floats(0, 0.999))
@settings(max_examples=25)
def test_a_file_that_was_cut_off_is_refused(share: float) -> None:
    whole = _bytes()
    for path in _file_of(whole[: int(len(whole) * share)]):
        assert refused(path)


@cache
def _bytes() -> bytes:
    for path in _file_of(None):
        keep(path, TOPICS)
        return path.read_bytes()
    raise AssertionError


def _file_of(content: bytes | None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "town.backup"
        if content is not None:
            path.write_bytes(content)
        yield path


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + bytes(2000)])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd"
    path.write_bytes(content)

    assert "no backup of ours" in refused(path)
