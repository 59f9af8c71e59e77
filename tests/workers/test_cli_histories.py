"""A history that breaks a promise is written as a scenario, and `scenario` plays it again."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.cli import main
from workers.cli.exits import Exit
from workers.verify.guards import GUARDS
from workers.verify.history import History, read_history
from workers.verify.models import MODELS
from workers.verify.searching import searched
from workers.verify.without import standing

HELD = GUARDS["a hold closes the gate"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The history in which the gate's look at holds is missed."""
    with standing(HELD.out):
        (found,) = searched(MODELS["voice"], 1, kinds=("held",)).found.values()
    file = tmp_path / "held.yaml"
    file.write_text(History.of("voice", found).written())
    return file


def test_with_the_guard_it_breaks_no_promise(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenario", str(file)]) == Exit.DONE

    assert "no promise is broken" in capsys.readouterr().out


def test_without_the_guard_it_is_told_up_to_the_promise_that_it_breaks(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with standing(HELD.out):
        assert main(["scenario", str(file)]) == Exit.FAILED

    told = capsys.readouterr().out
    assert "* otherwise than usual: held" in told
    assert "law, E-0001-1: a person holds it" in told


def test_the_file_says_what_was_found(file: Path) -> None:
    history = read_history(file)

    assert history is not None
    assert (history.system, [one.what for one in history.otherwise]) == ("voice", ["held"])


def test_what_cannot_go_otherwise_any_more_is_told(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(file.read_text().replace("held", "ported-back"))

    assert main(["scenario", str(file)]) == Exit.BAD_INPUT
    assert "cannot go otherwise any more: befalls ported-back" in capsys.readouterr().err


@pytest.mark.parametrize(("word", "instead", "told"), [("voice", "voise", "voice"), ("befalls", "befals", "befalls")])
def test_a_mistake_in_the_file_is_named(
    file: Path, capsys: pytest.CaptureFixture[str], word: str, instead: str, told: str
) -> None:
    file.write_text(file.read_text().replace(word, instead))

    assert main(["scenario", str(file)]) == Exit.BAD_INPUT
    assert f"did you mean {told}?" in capsys.readouterr().err


def test_the_check_writes_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    taken = "an order holds no longer than what it rests on"

    code = main(["verify", "voice", "--k", "0", "--without", taken, "--histories", str(tmp_path / "found")])

    assert code == Exit.FAILED
    assert sorted(file.name for file in (tmp_path / "found").iterdir()) == ["voice-law-1.yaml", "voice-law-2.yaml"]
    assert "naadloos scenario" in capsys.readouterr().err
