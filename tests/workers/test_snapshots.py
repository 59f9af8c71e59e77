"""Snapshots of a fold: whole, or thrown away. They save time and are never the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from events.base import SubjectId
from events.places import RosterFormed
from orchestrator.record import Holder
from orchestrator.shared.programme import Programme
from orchestrator.shared.roster import Roster
from orchestrator.shared.stock import Stock
from orchestrator.shared.wave import Wave
from tests.workers.inbox_facts import TERMS, Record, fed, known, life, record, said, streams, talking
from workers.journal.fold import Fold
from workers.journal.snapshot import path_of, restore, save

Damage = Callable[[bytes], bytes]


def lived(records: list[Record], partition: int = 3) -> Fold:
    fold = Fold(partition, TERMS)
    fed(fold, records)
    return replace(fold, position=len(records) + 2)


def town() -> Fold:
    roster = said("R-bhv", RosterFormed(title="Emergency response", members=8, share=0.25))
    return lived([record(one) for one in (*talking(25), *life(), roster)])


def again(fold: Fold, folder: Path) -> Fold:
    save(fold, folder)
    restored = restore(folder, fold.partition, TERMS)
    assert restored is not None
    return restored


def test_every_kind_of_subject_comes_back_equal(tmp_path: Path) -> None:
    fold = town()
    restored = again(fold, tmp_path)

    assert {type(state) for state in fold.states.values()} == {Holder, Wave, Roster, Stock, Programme}
    assert restored.states == fold.states
    assert {name: type(state) for name, state in restored.states.items()} == {
        name: type(state) for name, state in fold.states.items()
    }


@pytest.mark.parametrize("share", ["1e999", "-1e999", "0.1", "5e-324"])
@pytest.mark.parametrize("members", ["8", "9" * 4_000])
def test_a_number_of_whatever_size_comes_back_equal(tmp_path: Path, share: str, members: str) -> None:
    """JSON knows no largest number: what no float can hold was said all the same, and is read as infinite."""
    formed = record(said("R-bhv", RosterFormed(title="Emergency response", members=8, share=0.25)))
    raw = (formed.raw or b"").replace(b"0.25", share.encode()).replace(b":8,", f":{members},".encode())
    fold = lived([replace(formed, raw=raw)])
    restored = again(fold, tmp_path)

    assert fold.letters.opened == {}
    assert isinstance(fold.states[SubjectId("R-bhv")], Roster)
    assert restored.states == fold.states


def test_head_looks_messages_heard_and_place_come_back(tmp_path: Path) -> None:
    fold = town()
    restored = again(fold, tmp_path)

    assert fold.looks
    assert known(restored) == known(fold)
    assert restored.position == fold.position


@given(streams())
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_heard_the_restored_fold_decides_as_the_first_would(tmp_path: Path, records: list[Record]) -> None:
    half = len(records) // 2
    fold = lived(records[:half])
    restored = again(fold, tmp_path)

    assert fed(restored, records[half:]) == fed(fold, records[half:])
    assert known(restored) == known(fold)


def test_a_fold_that_heard_nothing_comes_back(tmp_path: Path) -> None:
    assert known(again(Fold(0, TERMS), tmp_path)) == known(Fold(0, TERMS))


def test_partitions_keep_apart(tmp_path: Path) -> None:
    save(lived([record(one) for one in life()], partition=1), tmp_path)

    assert restore(tmp_path, 0, TERMS) is None


def test_without_a_snapshot_there_is_none(tmp_path: Path) -> None:
    assert restore(tmp_path / "nowhere", 0, TERMS) is None


@pytest.mark.parametrize("file", ["events/codec.py", "orchestrator/subjects.py", "workers/journal/fold.py"])
def test_other_code_throws_it_away(tmp_path: Path, other_code: Callable[[str], None], file: str) -> None:
    fold = town()
    save(fold, tmp_path)
    assert restore(tmp_path, fold.partition, TERMS) is not None

    other_code(file)

    assert restore(tmp_path, fold.partition, TERMS) is None


def test_another_programme_throws_it_away(tmp_path: Path) -> None:
    fold = town()
    save(fold, tmp_path)

    assert restore(tmp_path, fold.partition, replace(TERMS, programme="another")) is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[:0],
        lambda raw: raw[: len(raw) // 2],
        lambda raw: b"\x00" * len(raw),
        lambda raw: raw.replace(b'"seen":"', b'"seen":"x'),
        lambda raw: raw.replace(b'"seen":"', b'"seen":"0'),
        lambda raw: raw.replace(b'"seen":"', b'"seen":"00'),
        lambda raw: raw.replace(b'"offset":', b'"offset":-'),
        lambda raw: raw.replace(b'"partition":3', b'"partition":4'),
        lambda raw: raw.replace(b'"letters":[]', b'"letters":["inbox/0/7"]', 1),
    ],
    ids=["empty", "half", "zeros", "no hex", "odd hex", "shifted hex", "offset", "partition", "a digit"],
)
def test_a_damaged_file_is_thrown_away(tmp_path: Path, damage: Damage) -> None:
    fold = town()
    save(fold, tmp_path)
    path = path_of(tmp_path, fold.partition)
    whole = path.read_bytes()
    path.write_bytes(damage(whole))

    assert path.read_bytes() != whole
    assert restore(tmp_path, fold.partition, TERMS) is None


def test_saving_again_replaces_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    save(lived([record(one) for one in life()[:10]]), tmp_path)
    whole = lived([record(one) for one in life()])

    assert known(again(whole, tmp_path)) == known(whole)
    assert list(tmp_path.iterdir()) == [path_of(tmp_path, 3)]
