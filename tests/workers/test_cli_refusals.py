"""What a command does not do, and says so before it begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.record import Holder
from tests.workers.conftest import Typed
from tests.workers.told import ANN, BOB, OLD_SIM, OTHER_SIM, SIM, Told, line_of
from workers.cli import main
from workers.cli.exits import Exit
from workers.crew.alone import UnableToBeginError, alone, taken
from workers.runtime.settings import Settings


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("wave slots W-01 --from 2020-01-01 --why late", Exit.BAD_INPUT, "is past. Nothing was said."),
        ("watch --wave W-99 --for 0", Exit.BAD_INPUT, "there is no wave W-99"),
        ("watch --department Forestry --for 0", Exit.BAD_INPUT, "no department has Forestry in its name"),
        ("watch --employee E-9999 --for 0", Exit.BAD_INPUT, "nobody in this programme is called E-9999"),
        (f"hold E-0001 --why ill --go --as {'x' * 61}", Exit.BAD_INPUT, "at most 60 letters"),
        ("hold E-0001 --why ill --go --as els@plassendam.example", Exit.BAD_INPUT, "no mail address and no space"),
        ("hold E-0001 --why ill --go --as els/root", Exit.BAD_INPUT, "figures, dots, dashes and underscores"),
        ("hold E-0001 --why ill --go --as=-els", Exit.BAD_INPUT, "begins with a letter or figure"),
        ("scenario S99", Exit.BAD_INPUT, "There is no story S99"),
    ],
)
def test_what_cannot_be_is_told(town: Told, typed: Typed, words: str, code: Exit, said: str) -> None:
    before = len(town.entries)

    got, out, err = typed(words)

    assert (got, len(town.entries)) == (code, before)
    assert said in out + err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["hold", "E-0001", "--why", " ", "--as", "els"], "give a reason in words"),
        (["wave", "slots", "W-01", "--days", "100000", "--why", "late"], "give a number from 1 to 60"),
    ],
)
def test_what_is_typed_wrong_is_told_at_once(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)

    assert ended.value.code == Exit.USAGE
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("account", ["ops_1", "1st.line-desk", "a" * 60])
def test_what_an_account_may_be_is_taken(town: Told, typed: Typed, account: str) -> None:
    typed(f"hold E-0001 --why ill --go --as {account}")

    heard = town.entries[-1].heard
    assert heard is not None
    assert heard.actor == account


def test_one_account_is_one_however_it_is_written(town: Told, typed: Typed) -> None:
    typed("hold E-0001 --why ill --go --as Els")

    heard = town.entries[-1].heard
    assert heard is not None
    assert heard.actor == "els"


def test_a_plan_tells_of_messages_that_nobody_decided(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.workers.told.Journal.inbox_ends", lambda self: {0: self.told.fold.offset + 8})

    assert "7 messages wait for a decider." in typed("plan")[1]


@pytest.mark.parametrize("option", ["--report", "--world-log"])
def test_a_demo_does_not_begin_when_it_could_not_write_in_the_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    assert main(["demo", option, str(tmp_path / "nowhere" / "file")]) == Exit.BAD_INPUT
    assert "Not begun: file cannot be written" in capsys.readouterr().err


def test_only_one_crew_works_for_a_programme(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path)
    assert not taken(settings)

    with alone(settings):
        assert taken(settings)
        with pytest.raises(UnableToBeginError, match="running already"), alone(settings):
            pass

    assert not taken(settings)


def test_the_old_sim_is_no_hand_over(town: Told, typed: Typed) -> None:
    code, _, err = typed(f"confirm {line_of(ANN)} {OLD_SIM} --go --as depot")

    assert code != Exit.DONE
    assert "is no new SIM" in err
    assert OTHER_SIM not in err
    assert town.entries


def test_a_sim_that_is_scanned_at_another_person_is_no_longer_in_the_first_ones_hands(town: Told, typed: Typed) -> None:
    town.kit(line_of(ANN)).kit(line_of(BOB), OTHER_SIM, None)
    typed(f"confirm E-0001 {SIM} 490154203237518 --as els --go")
    typed(f"confirm E-0002 {SIM} --as els --go")

    ann, bob = (town.state(subject) for subject in (ANN, BOB))
    assert isinstance(ann, Holder)
    assert isinstance(bob, Holder)
    assert ann.lines[line_of(ANN)].kit.handed is None
    assert bob.lines[line_of(BOB)].kit.handed == SIM


@pytest.mark.parametrize("words", [["status", "--waiting", "rain"], ["replay", "what-if", "--reason", "rain"]])
def test_a_word_that_is_none_of_them_is_answered_with_the_words_alone(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(words)

    told = capsys.readouterr().err
    assert "rain" in told
    assert "<" not in told


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["stauts"], "did you mean status"),
        (["replay", "what-fi"], "did you mean what-if"),
        (["wave", "rain"], "one of: "),
    ],
)
def test_a_slip_in_a_word_is_asked_about(words: list[str], meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)

    assert ended.value.code == Exit.USAGE
    assert meant in capsys.readouterr().err


@pytest.mark.parametrize("odd", ["-1", "nan", "1e400", "soon"])
def test_nobody_watches_for_ever_or_for_less_than_nothing(odd: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["watch", f"--for={odd}"])

    assert "give a number of seconds such as 90" in capsys.readouterr().err
