"""A rebuild replaces what says otherwise and makes what is missing; where nothing would change it offers nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from weakref import ref

import pytest

from events.base import SubjectId
from tests.workers.told import TERMS
from workers.cli import main, rebuild
from workers.cli.acting import Tally
from workers.cli.exits import Exit
from workers.journal.fold import Fold
from workers.replay.rebuild import Against, Rebuilt

Typed = Callable[..., tuple[int, str]]
FORGED = Against(differing=(SubjectId("E-0001"),))
AS_IT_IS = [Rebuilt(0, 40, cached=True), Rebuilt(0, 0, cached=False)]


@pytest.fixture
def acts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Tally]:
    """The acts that were noted, of a programme of one partition."""
    for name, value in {"STATE_DIR": str(tmp_path), "PARTITIONS": "1", "PROGRAMME": "gm", "LANG": "en"}.items():
        monkeypatch.setenv(f"NAADLOOS_{name}", value)
    noted: list[Tally] = []

    @contextmanager
    def act(*_what: object, **_who: object) -> Iterator[Tally]:
        noted.append(Tally("begun"))
        yield noted[-1]

    monkeypatch.setattr(rebuild, "ensure_begun", lambda _settings: None)
    monkeypatch.setattr(rebuild, "session", act)
    monkeypatch.setattr(rebuild, "act_of_ops", act)
    return noted


@pytest.fixture
def typed(acts: list[Tally], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Types it, where the journal comes to this."""
    assert acts == []

    def type_(comes: Rebuilt, *words: str) -> tuple[int, str]:
        monkeypatch.setattr(rebuild, "folded", lambda *_where: (Fold(0, TERMS), comes))
        return main(["replay", "rebuild", *words]), capsys.readouterr().out

    return type_


GO = ("--go", "--why", "it was forged", "--as", "ops-1")


@pytest.mark.parametrize("comes", AS_IT_IS, ids=["identical", "nothing there"])
@pytest.mark.parametrize("words", [(), GO], ids=["shown", "done"])
def test_where_every_snapshot_is_right_nothing_is_offered_and_none_is_replaced(
    typed: Typed, acts: list[Tally], tmp_path: Path, comes: Rebuilt, words: tuple[str, ...]
) -> None:
    code, out = typed(comes, *words)

    assert (code, acts) == (Exit.DONE, [])
    assert out.splitlines()[-1] == (
        "Nothing would change: no snapshot says otherwise than the journal, and none is missing."
    )
    assert list(tmp_path.rglob("*.json")) == []


@pytest.mark.parametrize(
    ("comes", "code"),
    [(Rebuilt(0, 40, cached=False), Exit.DONE), (Rebuilt(0, 40, cached=True, against=FORGED), Exit.FAILED)],
    ids=["missing", "forged"],
)
def test_one_that_is_missing_or_says_otherwise_is_offered_and_then_put(
    typed: Typed, acts: list[Tally], tmp_path: Path, comes: Rebuilt, code: Exit
) -> None:
    assert typed(comes)[0] == code
    assert acts == []

    code_, out = typed(comes, *GO)

    assert (code_, acts[-1].done) == (Exit.DONE, 1)
    assert out.splitlines()[-1] == "1 snapshot was made anew."
    assert [file.name for file in tmp_path.rglob("*.json")] == ["0.json"]


@pytest.mark.usefixtures("acts")
def test_what_is_known_of_a_partition_whose_snapshot_is_right_is_let_go_before_the_next_is_folded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before: list[ref[Fold]] = []

    def folded(_settings: object, _folder: object, partition: int) -> tuple[Fold, Rebuilt]:
        assert [fold for fold in before if fold() is not None] == []
        fold = Fold(partition, TERMS)
        before.append(ref(fold))
        return fold, Rebuilt(partition, 40, cached=True)

    monkeypatch.setenv("NAADLOOS_PARTITIONS", "3")
    monkeypatch.setattr(rebuild, "folded", folded)

    assert main(["replay", "rebuild"]) == Exit.DONE
    assert len(before) == 3
