"""A what-if of dead letters is told to its end, whether they can be mended, stay, or are about nothing at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from events.base import Account, LetterId
from events.control import Held, LetterOpened
from tests.workers.conftest import Typed
from tests.workers.struck_town import flawed
from tests.workers.told import ANN, BOB, EVE, Told
from workers.cli.exits import Exit
from workers.journal.fold import Fold
from workers.replay import history
from workers.runtime.letters import Found, placed
from workers.runtime.rows import FORMULA


@pytest.fixture
def letters(town: Told, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Eve has a letter that nobody can read; Ann has one about a record that is not there."""
    offset = town.fold.offset + 1
    town.decide(b"{broken", EVE)
    broken = Found("inbox", 0, offset, EVE.encode(), b"{broken")
    town.say(ANN, LetterOpened(letter=LetterId("inbox/0/999999"), reason="schema", detail="made up"))
    for module in ("whatif", "redrive"):
        monkeypatch.setattr(f"workers.cli.{module}.originals", lambda _settings, _letters: {broken.letter: broken})
    return town


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.usefixtures("letters")
def test_letters_that_stay_are_named_with_whom_they_touch(typed: Typed, language: str) -> None:
    code, out, err = typed(f"replay what-if --lang {language}")

    assert (code, err) == (Exit.DONE, "")
    assert str(EVE) in out
    assert str(ANN) in out


def test_what_is_not_compared_of_the_whole_journal_is_told_with_why(
    letters: Told, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(_settings: object, fold: Fold, hear: Callable[[object], None]) -> None:
        for value in letters.values:
            hear(fold.follow(value))

    monkeypatch.setattr(history, "load", load)
    monkeypatch.setattr(history, "abreast", lambda settings, work, tell: [work(settings, 0)])  # noqa: ARG005

    code, out, _err = typed("replay what-if --whole")

    count = len(letters.values)
    assert code == Exit.DONE
    assert f"{count - 1} of {count} decisions compared with today's code" in out
    assert "1 more is a copy, or nobody could read it: there is nothing to decide anew." in out


@pytest.mark.parametrize("form", ["", " --json", " --csv"])
def test_whom_todays_code_cannot_decide_on_is_named_though_nobody_has_a_letter(typed: Typed, form: str) -> None:
    with flawed(lambda _fact: True):
        code, out, _err = typed(f"replay what-if --who {ANN}{form}")

    assert code == Exit.DONE
    assert str(ANN) in out
    assert "ZeroDivisionError while deciding, at workers/journal/fold.py:" in out
    assert "No difference" not in out


@pytest.mark.usefixtures("letters")
def test_a_file_that_mends_nothing_is_not_redriven_and_that_is_said(typed: Typed, tmp_path: Path) -> None:
    file = tmp_path / "mend.json"

    assert typed(f"replay what-if --save {file}")[0] == Exit.DONE
    code, out, _err = typed(f"replay redrive {file} --why mended --go --as ops-1")

    assert code == Exit.DONE
    assert "Nothing to redrive" in out


def test_a_letter_about_no_topic_of_ours_stands_nowhere() -> None:
    assert placed(LetterId("commands.nope/1/1")) is None


@pytest.mark.usefixtures("letters")
def test_a_row_says_why_each_letter_stays_and_no_cell_is_a_formula(typed: Typed) -> None:
    _code, out, _err = typed("replay what-if --csv")

    rows = {row["subject"]: row for row in csv.DictReader(io.StringIO(out))}
    assert rows[EVE]["failing"].endswith("not_json")
    assert rows[ANN]["failing"] == "inbox/0/999999 gone"
    assert not [cell for row in rows.values() for cell in row.values() if cell.startswith(FORMULA)]


@pytest.mark.usefixtures("letters")
def test_the_line_that_keeps_it_asks_for_the_same(typed: Typed, town: Told) -> None:
    with flawed(lambda fact: isinstance(fact, Held)):
        town.say(ANN, Held(why="asked", by=Account("els")))

    _code, out, _err = typed("replay what-if --reason decision_raised")

    assert "naadloos replay what-if --reason decision_raised --save FILE" in out


@pytest.mark.usefixtures("letters")
def test_signs_that_command_a_terminal_are_written_out(
    typed: Typed, town: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    offset = town.fold.offset + 1
    raw = b"{\x1b]0;gone\x07 \xc2\x9b2J\r"
    town.decide(raw, BOB)
    found = Found("inbox", 0, offset, BOB.encode(), raw)
    monkeypatch.setattr("workers.cli.dead_letters.originals", lambda _settings, _letters: {found.letter: found})

    _code, out, _err = typed(f"dead-letters show {found.letter}")

    assert "{\\x1b]0;gone\\x07 \\x9b2J\\r" in out


@pytest.mark.parametrize(("letter", "told"), [("commands.porting/1/2", True), ("inbox/0/999998", False)])
def test_who_dismisses_an_order_is_told_that_it_stays_unanswered(
    typed: Typed, town: Told, letter: str, *, told: bool
) -> None:
    town.say(ANN, LetterOpened(letter=LetterId(letter), reason="schema", detail="made up"))

    _code, out, _err = typed(f"dead-letters dismiss {letter} --why settled")

    assert ("stays unanswered" in out) is told
