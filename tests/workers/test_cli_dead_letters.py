"""Dead letters by name: whom none touches is told so, and who is nobody is refused with what was meant."""

from __future__ import annotations

import pytest

from events.base import LetterId
from events.control import LetterOpened, LettersDismissed
from tests.workers.conftest import Typed
from tests.workers.told import ANN, BOB, ELS, Told, line_of
from workers.cli.exits import Exit


@pytest.fixture(autouse=True)
def letter(town: Told, monkeypatch: pytest.MonkeyPatch) -> LetterId:
    """Bob has a letter; Ann has none."""
    monkeypatch.setattr("workers.cli.dead_letters.originals", lambda _settings, _letters: {})
    offset = town.fold.offset + 1
    town.decide(b"{broken", BOB)
    return LetterId(f"inbox/0/{offset}")


@pytest.mark.parametrize("verb", ["show", "explain"])
@pytest.mark.parametrize("who", [ANN, "E-0001-1", "W-01", "K-main", "P-gm"])
def test_whoever_is_known_and_touched_by_none_is_told_so(town: Told, typed: Typed, verb: str, who: str) -> None:
    town.kit(line_of(BOB))

    assert typed(f"dead-letters {verb} {who}") == (
        Exit.DONE,
        f"{who} has no dead letter, so none holds anything back.\n",
        "",
    )


@pytest.mark.parametrize("verb", ["show", "explain"])
def test_the_letters_of_others_are_told_beside_it(typed: Typed, letter: LetterId, verb: str) -> None:
    code, out, _err = typed(f"dead-letters {verb} E-0001 E-0002-1")

    assert code == Exit.DONE
    assert "E-0001 has no dead letter" in out
    assert f"{letter} · E-0002" in out


@pytest.mark.parametrize("verb", ["show", "explain", "dismiss --why settled"])
@pytest.mark.parametrize(
    ("word", "guess"),
    [("E-002", "E-0002"), ("E2", "E-0002"), ("E-0002-7", "E-0002-1"), ("inbox/0/00{offset}", "inbox/0/{offset}")],
)
def test_an_id_that_is_nobodys_is_refused_with_what_was_meant(
    typed: Typed, letter: LetterId, verb: str, word: str, guess: str
) -> None:
    offset = letter.rpartition("/")[2]
    word, guess = word.format(offset=offset), guess.format(offset=offset)

    code, _out, err = typed(f"dead-letters {verb} {word}")

    assert code == Exit.BAD_INPUT
    assert err.splitlines() == [
        f"No dead letter is called {word}, and nobody in this programme is, and no line. Nothing was said.",
        f"Did you mean {guess}?  naadloos dead-letters {verb.split(maxsplit=1)[0]} {guess}",
    ]


@pytest.mark.parametrize(("verb", "guess"), [("explain", "not_json"), ("show", "")])
def test_a_reason_is_guessed_where_one_may_stand(typed: Typed, verb: str, guess: str) -> None:
    code, _out, err = typed(f"dead-letters {verb} not_jsn")

    assert code == Exit.BAD_INPUT
    assert ("Did you mean not_json?" in err) is bool(guess)


def test_where_no_guess_is_likely_those_that_there_are_can_be_seen(typed: Typed) -> None:
    code, _out, err = typed("dead-letters explain NOBODY")

    assert code == Exit.BAD_INPUT
    assert err.splitlines()[-1] == "See them all:  naadloos dead-letters list"


@pytest.mark.parametrize("words", ["", " --go --as els"])
def test_where_none_is_open_there_is_nothing_to_dismiss(town: Told, typed: Typed, letter: LetterId, words: str) -> None:
    town.say(BOB, LettersDismissed(letters=(letter,), act="a-1", why="settled", by=ELS))
    before = len(town.entries)

    code, out, _err = typed(f"dead-letters dismiss E-0001 {letter} --why again{words}")

    assert (code, len(town.entries)) == (Exit.DONE, before)
    assert out.splitlines() == [
        "E-0001 has no dead letter, so none holds anything back.",
        "None of these is open, so there is nothing to dismiss. Nothing was said.",
    ]


@pytest.mark.parametrize("reason", ["", "found by newer code", "r^\x1b[31m"])
@pytest.mark.parametrize("verb", ["list", "show {letter}", "explain {letter}", "explain {who}"])
def test_a_reason_that_this_code_does_not_know_is_told_all_the_same(
    town: Told, typed: Typed, verb: str, reason: str
) -> None:
    newer = LetterId("commands.porting/0/5")
    town.say(ANN, LetterOpened(letter=newer, reason=reason, detail=""))

    code, out, err = typed(f"dead-letters {verb.format(letter=newer, who=ANN)}")

    assert (code, err) == (Exit.DONE, "")
    assert "this code does not know its reason" in " ".join(out.split())
    assert "\x1b" not in out
