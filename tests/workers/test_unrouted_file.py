"""The file in which reports wait that match nobody: whatever was promised stands in it, and no more."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.workers.inbound_office import another, no_space
from workers.inbound import unrouted as unrouted_module
from workers.inbound.unrouted import Unrouted
from workers.providers.reports import REPORTS


def test_what_is_kept_is_added_to_what_stands_there(tmp_path: Path) -> None:
    unrouted, file = Unrouted(tmp_path / "unrouted.json"), tmp_path / "unrouted.json"
    unrouted.keep([another(1)])
    before = file.read_bytes()
    unrouted.keep([another(2)])
    unrouted.forget(["provider/r-1"])

    assert file.read_bytes().startswith(before)
    assert list(Unrouted(file).reports) == ["provider/r-2"]


def test_the_file_does_not_grow_with_what_came_and_went(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unrouted_module, "SPARE", 4)
    unrouted, file = Unrouted(tmp_path / "unrouted.json"), tmp_path / "unrouted.json"
    for number in range(50):
        unrouted.keep([another(number)])
        unrouted.forget([f"provider/r-{number}"])

    assert file.read_bytes().count(b"\n") < 10


def test_a_line_that_was_cut_off_halfway_was_promised_to_nobody(tmp_path: Path) -> None:
    file = tmp_path / "unrouted.json"
    Unrouted(file).keep([another(1)])
    whole = file.read_bytes()
    file.write_bytes(whole + whole[:-9])

    after = Unrouted(file)
    after.keep([another(2)])

    assert list(after.reports) == list(Unrouted(file).reports) == ["provider/r-1", "provider/r-2"]


def test_a_file_from_before_there_were_lines_is_read(tmp_path: Path) -> None:
    file = tmp_path / "unrouted.json"
    file.write_bytes(REPORTS.dump_json([another(1), another(2)]))

    assert list(Unrouted(file).reports) == ["provider/r-1", "provider/r-2"]


def test_what_the_disk_did_not_take_does_not_wait_and_does_no_harm_to_what_comes_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "unrouted.json"
    unrouted = Unrouted(file)
    unrouted.keep([another(1)])
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", no_space)
        with pytest.raises(OSError, match="No space"):
            unrouted.keep([another(2)])
    assert list(unrouted.reports) == ["provider/r-1"]

    unrouted.keep([another(3)])

    assert list(Unrouted(file).reports) == ["provider/r-1", "provider/r-3"]
