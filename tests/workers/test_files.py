"""A file is written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from workers.runtime.files import kept, replaced

WRITES = pytest.mark.parametrize("write", [kept, replaced])


@WRITES
def test_it_holds_what_was_written_last_and_nothing_is_left_beside_it(
    tmp_path: Path, write: Callable[[Path, bytes], None]
) -> None:
    write(tmp_path / "one.json", b"old")
    write(tmp_path / "one.json", b"new")

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("one.json", b"new")]


@WRITES
def test_who_dies_before_the_end_leaves_the_old_one(
    tmp_path: Path, write: Callable[[Path, bytes], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "one.json", b"old")

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", dies)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "one.json", b"new")

    assert (tmp_path / "one.json").read_bytes() == b"old"


def test_what_is_kept_is_on_the_disk_before_it_counts_and_so_is_its_name_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[tuple[bool, bool]] = []

    def flush(handle: int) -> None:
        flushed.append((os.path.samestat(os.fstat(handle), tmp_path.stat()), (tmp_path / "one.json").exists()))

    monkeypatch.setattr(os, "fsync", flush)

    kept(tmp_path / "one.json", b"new")

    assert flushed == [(False, False), (True, True)]
