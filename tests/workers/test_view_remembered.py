"""What a reader knew is kept for the next command, or read anew: never half of it, and never of another journal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workers.inbox_facts import TERMS, fed, life, record, talking
from tests.workers.told import ANN, BOB, Journal, Told
from workers.cli.session import WORTH_KEEPING, Session
from workers.journal.fold import Fold
from workers.journal.record import Entry
from workers.runtime.settings import Settings
from workers.views.remembered import keep, recall
from workers.views.waits import Waits


@pytest.fixture
def known() -> tuple[Fold, Waits]:
    fold, waits = Fold(3, TERMS), Waits()
    for _, entry in fed(fold, [record(one) for one in (*talking(25), *life())]):
        waits.hear(entry)
    return fold, waits


def test_fold_and_waits_come_back_equal(tmp_path: Path, known: tuple[Fold, Waits]) -> None:
    fold, waits = known
    keep(tmp_path, fold, waits)
    found = recall(tmp_path, 3, TERMS)
    assert found is not None

    again = Waits()
    again.recall(found[1])
    assert found[0].states == fold.states
    assert again.by_subject == waits.by_subject
    assert waits.by_subject != {}


def test_nothing_comes_back_where_nothing_was_kept(tmp_path: Path) -> None:
    assert recall(tmp_path, 3, TERMS) is None


@pytest.mark.parametrize("damage", [b"", b"{", b'{"code":"other","hash":"other","waits":[]}'])
def test_waits_of_another_moment_are_not_taken(tmp_path: Path, known: tuple[Fold, Waits], damage: bytes) -> None:
    keep(tmp_path, *known)
    (tmp_path / "3.waits").write_bytes(damage)

    assert recall(tmp_path, 3, TERMS) is None


def test_waits_that_other_code_told_are_not_taken(
    tmp_path: Path, known: tuple[Fold, Waits], other_code: Callable[[str], None]
) -> None:
    keep(tmp_path, *known)
    assert recall(tmp_path, 3, TERMS) is not None

    other_code("workers/views/waits.py")

    assert recall(tmp_path, 3, TERMS) is None


class Long(Journal):
    """A journal with so much news that it is worth keeping."""

    def catch_up(self, seen: Callable[[int, Entry], None] | None = None) -> None:
        super().catch_up(seen)
        self.told.fold.position += WORTH_KEEPING


def test_a_command_answers_though_nothing_can_be_kept(
    town: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(state_dir=tmp_path / "state", partitions=1)
    settings.state_dir.write_text("a file where the folder should be")
    session = Session(settings, TERMS, {0: town.fold}, Long(town), remembers=True)

    known = session.catch_up()

    assert known.states.keys() >= {ANN, BOB}
    assert "cannot be kept" in capsys.readouterr().err
