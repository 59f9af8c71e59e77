"""A full disk keeps no line from the directory, and has nothing said twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workers.inbound_office import DISMISSAL, JOURNAL, Office, another, no_space, one_waits, sim


@pytest.mark.parametrize("turn", ["read", "catch_up"])
def test_a_full_disk_keeps_no_line_from_the_directory_and_what_was_settled_is_forgotten_later(
    turn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(tmp_path)
    office.intake.take([sim("attached"), another(2)])
    office.heard()
    office.journal.coming += [*DISMISSAL, *JOURNAL]
    office.journal.at_once = len(office.journal.coming)
    with monkeypatch.context() as full:
        full.setattr(Path, "open", no_space)
        office.intake.follow(catch_up=turn == "catch_up")
        office.intake.offer_again()
        assert office.heard() == []
        assert office.intake.take([sim("detached").model_copy(update={"id": "r-3"})]) == ["r-3"]
    assert office.waiting() == ["provider/r-1", "provider/r-2"]

    office.offer_again()

    assert office.waiting() == ["provider/r-2"]


def test_what_found_its_line_while_the_disk_is_full_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = one_waits(tmp_path)
    office.journal.coming += JOURNAL
    with monkeypatch.context() as full:
        full.setattr(Path, "open", no_space)
        office.offer_again()
        assert len(office.heard()) == 2
        office.offer_again()

    office.offer_again()

    assert (office.heard(), office.waiting()) == ([], [])
