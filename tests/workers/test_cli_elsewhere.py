"""One at a time takes a programme; whoever looks on other topics, or too early, is told who, and what to type."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workers.cli import main
from workers.cli.exits import Exit
from workers.crew.alone import Taker, UnableToBeginError, Work, alone, locked, sign, taker_of
from workers.crew.roll import write
from workers.runtime.settings import Settings


@pytest.fixture
def trial(tmp_path: Path) -> Settings:
    """The programme by other topics than commands look at."""
    return Settings(state_dir=tmp_path, programme="gm", topic_prefix="trial")


@pytest.fixture
def gm(trial: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The programme that commands find in their environment."""
    monkeypatch.setenv("NAADLOOS_STATE_DIR", str(trial.state_dir))
    monkeypatch.setenv("NAADLOOS_PROGRAMME", "gm")
    monkeypatch.setenv("NAADLOOS_LANG", "en")
    monkeypatch.delenv("NAADLOOS_TOPIC_PREFIX", raising=False)
    return trial.model_copy(update={"topic_prefix": "gm"})


def typed(words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = main(words.split())
    captured = capsys.readouterr()
    return code, captured.out + captured.err


@pytest.mark.usefixtures("gm")
@pytest.mark.parametrize("words", ["ps", "ps --health", "ps --json"])
def test_workers_on_other_topics_are_no_rehearsal_and_are_looked_at_there(
    words: str, trial: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with alone(trial):
        code, told = typed(words, capsys)

    assert code == Exit.UNAVAILABLE
    assert "The workers of gm run on topics trial, and these are topics gm." in told
    assert "Look at them:  NAADLOOS_TOPIC_PREFIX=trial naadloos ps" in told
    assert "rehearsal" not in told


@pytest.mark.usefixtures("gm")
def test_workers_on_other_topics_are_stopped_there_and_not_by_ctrl_c(
    trial: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with alone(trial):
        code, told = typed("down", capsys)

    assert code == Exit.REFUSED
    assert "Nothing was stopped. Stop them:  NAADLOOS_TOPIC_PREFIX=trial naadloos down" in told
    assert "Ctrl+C" not in told


@pytest.mark.usefixtures("gm")
def test_no_second_crew_is_started_beside_workers_on_other_topics(
    trial: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with alone(trial):
        code, told = typed("up", capsys)

    assert code == Exit.UNAVAILABLE
    assert "The workers of gm run on topics trial" in told
    assert "Nothing was started." in told


def test_workers_that_stand_on_no_roll_yet_are_starting_or_ending(
    gm: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with alone(gm):
        looked, stopped = typed("ps", capsys), typed("down", capsys)

    assert looked[0] == Exit.UNAVAILABLE
    assert "The workers of gm are starting or ending.\nLook again:  naadloos ps" in looked[1]
    assert stopped[0] == Exit.REFUSED
    assert "Nothing was stopped. Stop them:  naadloos down" in stopped[1]


def test_a_rehearsals_workers_end_with_it_and_are_not_stopped_by_hand(
    gm: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    rehearsed = gm.model_copy(update={"topic_prefix": "gm.1"})
    with alone(gm, Work.REHEARSAL):
        sign(rehearsed, Work.REHEARSAL)
        code, told = typed("down", capsys)

    assert code == Exit.REFUSED
    assert "A rehearsal of gm is running, with workers of its own." in told
    assert "Nothing was stopped." in told
    assert "Look at it:  NAADLOOS_TOPIC_PREFIX=gm.1 naadloos status" in told
    assert f"press Ctrl+C where it was started, or:  kill {os.getpid()}" in told


def test_a_rehearsal_on_these_topics_has_its_roll_and_is_not_stopped_by_down_all_the_same(
    gm: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    gm.folder.mkdir(parents=True)
    with alone(gm, Work.REHEARSAL):
        write(gm, (), rehearsal=True)  # this process, which `down` would end
        looked, stopped, started = (typed(words, capsys) for words in ("ps", "down", "up"))

    assert (looked[0], stopped[0], started[0]) == (Exit.DONE, Exit.REFUSED, Exit.UNAVAILABLE)
    assert "A rehearsal of gm is running" in looked[1]


def test_a_restore_is_told_as_one(gm: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with locked(gm, Work.RESTORE):
        looked, stopped = typed("ps", capsys), typed("down", capsys)
        with pytest.raises(UnableToBeginError, match="programme gm is being restored"), alone(gm):
            pass

    assert f"Programme gm is being restored, by process {os.getpid()}" in looked[1]
    assert (stopped[0], "A restore ends by itself." in stopped[1]) == (Exit.REFUSED, True)


def test_whoever_has_left_is_not_told_of_any_more(gm: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with alone(gm, Work.REHEARSAL):
        pass

    assert taker_of(gm) is None
    assert typed("ps", capsys) == (Exit.UNAVAILABLE, "No workers of gm run. Start them:  naadloos up\n")
    assert typed("down", capsys) == (Exit.DONE, "No workers of gm run.\n")


def test_who_has_not_signed_yet_passes_for_workers_that_start(gm: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with alone(gm):
        (gm.state_dir / "gm.lock").write_text("")

        assert "are starting or ending" in typed("ps", capsys)[1]


def test_what_a_rehearsal_that_was_killed_signed_is_not_taken_for_whoever_has_the_lock_now(
    gm: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    with alone(gm):
        left = Taker(pid=gone.pid, work=Work.REHEARSAL, prefix="gm.1")
        (gm.state_dir / "gm.lock").write_text(left.model_dump_json())
        code, told = typed("down", capsys)

    assert code == Exit.REFUSED
    assert "are starting or ending" in told
    assert "kill" not in told


def test_nothing_is_left_of_who_signed_and_ended(gm: Settings) -> None:
    with alone(gm, Work.REHEARSAL):
        pass

    assert (gm.state_dir / "gm.lock").read_text() == ""
