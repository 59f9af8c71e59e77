"""What a person asks for that cannot be: it is refused with what was meant, or with what to type instead."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from events.codec import UnreadReason
from tests.workers.conftest import Typed
from tests.workers.told import BOB, Told
from workers.cli import main
from workers.cli.exits import Exit
from workers.cli.session import session
from workers.imports.sample import STARTS
from workers.runtime.clock import SteppedClock
from workers.runtime.letters import Found
from workers.runtime.unable import UnableToUnderstandError


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A programme whose clock stands at its start."""
    SteppedClock(tmp_path / "clock").set(STARTS)
    monkeypatch.setenv("NAADLOOS_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("NAADLOOS_CLOCK_FILE", str(tmp_path / "clock"))
    return tmp_path


@pytest.mark.usefixtures("clock")
def test_nobody_looks_back_to_what_is_still_to_come() -> None:
    with (
        pytest.raises(UnableToUnderstandError, match=r"is still to come(.*\n)*.*leave --at out"),
        session(past=STARTS + timedelta(minutes=1)),
    ):
        pass


@pytest.mark.usefixtures("clock")
def test_hindsight_needs_a_moment_to_look_back_from() -> None:
    with pytest.raises(UnableToUnderstandError, match="--at 2027-02-19T14:00"), session(hindsight=True):
        pass


def test_whoever_was_not_known_then_is_told_so(typed: Typed) -> None:
    _code, _out, err = typed("explain E-9999 --at 2026-12-01")

    assert "was not known then" in err


@pytest.mark.parametrize("reason", UnreadReason)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_reason_of_a_dead_letter_is_explained_though_there_is_none(
    typed: Typed, reason: UnreadReason, language: str
) -> None:
    code, out, err = typed(f"dead-letters explain {reason} --lang {language}")

    assert (code, err) == (Exit.DONE, "")
    assert str(reason) in out
    assert len(out.splitlines()) >= 3


@pytest.mark.parametrize(("words", "bytes_shown"), [("", 4_000), (" --whole", 200_001)])
def test_a_long_record_is_shown_in_part_unless_the_whole_is_asked_for(
    typed: Typed, town: Told, monkeypatch: pytest.MonkeyPatch, words: str, bytes_shown: int
) -> None:
    offset = town.fold.offset + 1
    town.decide(b"x" * 200_001, BOB)
    found = Found("inbox", 0, offset, BOB.encode(), b"x" * 200_001)
    monkeypatch.setattr("workers.cli.dead_letters.originals", lambda _settings, _letters: {found.letter: found})

    _code, out, _err = typed(f"dead-letters show {found.letter}{words}")

    assert max(map(len, out.splitlines())) == bytes_shown
    assert (f"196001 bytes more:  naadloos dead-letters show {found.letter} --whole" in out) is not bool(words)


def test_a_period_that_ends_before_it_begins_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "audit", "--since", "2027-04-01", "--until", "2027-03-01"]) == Exit.BAD_INPUT
    assert "Give a later --until, or an earlier --since" in capsys.readouterr().err


def test_a_backup_into_no_folder_is_refused_with_the_line_that_makes_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "backup", "/nowhere/at/all.backup", "--go"]) == Exit.BAD_INPUT
    assert "mkdir -p /nowhere/at" in capsys.readouterr().err
