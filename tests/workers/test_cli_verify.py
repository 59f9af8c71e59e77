"""The command that checks the promise: what it shows, what it writes, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orchestrator import deciding
from workers.cli import main
from workers.cli.exits import Exit
from workers.verify import abreast, missing
from workers.verify.abreast import Searched
from workers.verify.judging import Broken, Rule
from workers.verify.missing import Missed
from workers.verify.searching import Tally, Turned
from workers.verify.stepping import Deviation, Turn


def test_nothing_goes_otherwise_and_nothing_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "proof.json"

    code = main(["verify", "data", "--k", "0", "--report", str(file)])

    (model,) = json.loads(file.read_text())["models"]
    assert code == Exit.DONE
    assert (model["model"], model["people"], model["faults"], model["violations"]) == ("data", 1, 0, [])
    assert 0 < model["states"] < model["depth"]
    assert "nobody is cut off by our doing" in capsys.readouterr().out


def test_a_history_that_breaks_a_promise_is_told_and_the_command_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tally = Tally(states=9, transitions=12, depth=9)
    tally.note(Broken(Rule.GAP, "E-0001-1", "as an example"), (Turned(3, Deviation(Turn.LATE)),), 9)
    monkeypatch.setattr(abreast, "search", lambda name, k, **_: Searched(name, k, tally, 1.0))

    code = main(["verify", "voice", "--k", "1"])

    told = capsys.readouterr().out
    assert code == Exit.FAILED
    assert "gap, E-0001-1: as an example, after 9 steps" in told
    assert "* otherwise than usual: this comes 0 minutes later" in told


def test_a_mistyped_system_is_answered_with_what_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["verify", "voise"])

    assert code == Exit.BAD_INPUT
    assert "did you mean voice?" in capsys.readouterr().err


def test_the_systems_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--list"]) == Exit.DONE

    assert "roster-of-one" in capsys.readouterr().out


@pytest.mark.parametrize("asked", [["voice", "--without", "unproved"], ["--guards"]])
def test_where_decisions_are_machine_code_no_guard_is_taken_out(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(deciding, "__file__", "orchestrator/deciding/__init__.so")

    code = main(["verify", *asked])

    told = capsys.readouterr()
    assert (code, told.out) == (Exit.REFUSED, "")
    assert "no guard can be taken out" in told.err
    assert "make setup" in told.err


def test_a_guard_that_is_taken_out_is_missed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, taken = tmp_path / "proof.json", "an order holds no longer than what it rests on"

    code = main(["verify", "voice", "--k", "0", "--without", taken, "--report", str(file)])

    assert code == Exit.FAILED
    assert "law, E-0001-1: the order holds too long" in capsys.readouterr().out
    assert json.loads(file.read_text())["without"] == taken


def test_what_is_sound_without_a_guard_is_not_told_as_a_proof(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(abreast, "search", lambda name, k, **_: Searched(name, k, Tally(states=9), 1.0))

    code = main(["verify", "voice", "--without", "a hold closes the gate"])

    told = capsys.readouterr().out
    assert code == Exit.DONE
    assert "Without the guard “a hold closes the gate” no promise is broken within these bounds." in told
    assert "nobody is cut off by our doing" not in told


@pytest.mark.parametrize(
    "words", [["voice"], ["--k", "2"], ["--without", "a hold closes the gate"], ["--list"]], ids=lambda words: words[0]
)
def test_what_the_guards_would_not_heed_is_refused_beside_them(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(missing, "all_missed", lambda *_, **__: [])
    try:
        code: int = main(["verify", "--guards", *words])
    except SystemExit as ended:
        code = int(ended.code or 0)

    assert code in {Exit.USAGE, Exit.BAD_INPUT}
    assert "--guards" in capsys.readouterr().err


def test_all_guards_are_taken_out_in_their_turn(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "guards.json"
    some = (Missed("one guard", "gap", "as an example", ("held",), 41), Missed("another guard"))
    monkeypatch.setattr(missing, "all_missed", lambda *_, **__: list(some))

    code = main(["verify", "--guards", "--report", str(file)])

    told = capsys.readouterr().out
    assert code == Exit.FAILED, "one of them is missed by nothing"
    assert "Nothing misses 1 of 2 guards: another guard" in told
    assert json.loads(file.read_text())["survivors"] == ["another guard"]


def test_a_mistyped_guard_is_answered_with_what_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["verify", "--without", "a hold closes the gates"])

    assert code == Exit.BAD_INPUT
    assert "did you mean a hold closes the gate" in capsys.readouterr().err


def test_a_guard_without_a_name_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "data", "--k", "0", "--without", ""]) == Exit.BAD_INPUT

    assert "there is no guard “”" in capsys.readouterr().err
