"""A redrive that is typed stops where too many fail, says how far it came, and goes on from there."""

from __future__ import annotations

import argparse
import json
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from events.base import Account
from events.control import ActEnded, LettersDismissed
from events.registry import AnyFact
from tests.workers.conftest import Typed
from tests.workers.struck_town import Raw, deciding_otherwise, raising, struck_town, what_if
from tests.workers.told import ANN, BOB
from workers.cli import redrive
from workers.cli.exits import Exit
from workers.cli.redrive import pause_after
from workers.journal.letters import still_open
from workers.replay.approval import Step
from workers.replay.redrive import Redrive

PACE = "--rate 60000 --pause 0 --why mended --go --yes 2 --as ops-1"


@pytest.fixture
def town(monkeypatch: pytest.MonkeyPatch) -> Raw:
    struck = struck_town()
    for module in ("whatif", "redrive"):
        monkeypatch.setattr(f"workers.cli.{module}.originals", lambda _settings, _letters: struck.records)
    return struck


@pytest.fixture
def approved(town: Raw, typed: Typed, tmp_path: Path) -> Path:
    """A what-if of the town's two letters, saved."""
    assert town.records
    file = tmp_path / "mend.json"
    typed(f"replay what-if --save {file}")
    return file


def last_act(town: Raw) -> AnyFact:
    heard = [entry.heard.message for entry in town.entries if entry.heard is not None]
    return next(fact for fact in reversed(heard) if isinstance(fact, ActEnded))


def test_at_the_first_failure_too_many_it_stops_and_says_what_was_not_begun(
    town: Raw, typed: Typed, approved: Path
) -> None:
    with deciding_otherwise(raising):
        code, out, err = typed(f"replay redrive {approved} --most-failures 0 {PACE}")

    assert code == Exit.FAILED
    assert "2 selected = 0 mended + 1 still failing + 0 skipped + 1 not begun" in out
    assert f"still failing: {ANN}" in err
    assert "Stopped. Go on where it was" in err
    ended = last_act(town)
    assert isinstance(ended, ActEnded)
    assert (ended.failed, ended.stopped) == (1, True)

    typed(f"replay what-if --save {approved}")
    code, out, _err = typed(f"replay redrive {approved} {PACE}")
    assert code == Exit.DONE
    assert "2 selected = 2 mended" in out


def test_as_many_failures_as_are_borne_do_not_stop_it(typed: Typed, approved: Path) -> None:
    with deciding_otherwise(raising):
        code, out, _err = typed(f"replay redrive {approved} --most-failures 2 {PACE}")

    assert code == Exit.FAILED
    assert "2 selected = 0 mended + 2 still failing + 0 skipped + 0 not begun" in out


def test_all_that_was_approved_is_mended(typed: Typed, approved: Path) -> None:
    code, out, _err = typed(f"replay redrive {approved} {PACE}")

    assert code == Exit.DONE
    assert f"{ANN}  mended" in out
    assert f"{BOB}  mended" in out
    assert "2 selected = 2 mended + 0 still failing + 0 skipped + 0 not begun" in out


def test_who_is_skipped_has_not_failed(town: Raw, typed: Typed, approved: Path) -> None:
    letters = [letter.id for letter in still_open(town.fold.letters) if letter.subject == ANN]

    def settled_meanwhile(_redrive: Redrive) -> list[Step]:
        town.say(ANN, LettersDismissed(letters=tuple(letters), act="a-1", why="settled", by=Account("els")))
        return []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Redrive, "moved", settled_meanwhile)
        _code, out, err = typed(f"replay redrive {approved} --most-failures 0 {PACE}")

    assert "2 selected = 1 mended + 0 still failing + 1 skipped + 0 not begun" in out
    assert "Stopped" not in err


class Waits(threading.Event):
    """Waits for nobody, and remembers how long it would have."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds += [timeout] if timeout else []
        return self.is_set()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Waits:
    ending = Waits()
    monkeypatch.setattr(redrive, "threading", SimpleNamespace(Event=lambda: ending))
    return ending


@pytest.mark.parametrize("batch", [1, 2])
def test_it_waits_between_two_and_not_after_the_last(typed: Typed, approved: Path, waits: Waits, batch: int) -> None:
    typed(f"replay redrive {approved} {PACE} --rate 60 --pause 10 --batch {batch}")

    assert waits.seconds == [pause_after(1, argparse.Namespace(rate=60, pause=10, batch=batch))]


def test_it_does_not_wait_after_those_who_were_redriven_already(typed: Typed, approved: Path, waits: Waits) -> None:
    typed(f"replay redrive {approved} {PACE}")
    waits.seconds.clear()

    _code, out, _err = typed(f"replay redrive {approved} {PACE} --rate 60 --pause 10 --batch 1")

    assert out.count("was redriven already") == 2
    assert waits.seconds == []


@pytest.mark.parametrize(("taken", "seconds"), [(1, 0.5), (2, 0.5), (3, 10.5), (4, 0.5), (6, 10.5)])
def test_after_a_batch_its_pause_comes_on_top_of_the_rate(taken: int, seconds: float) -> None:
    asked = argparse.Namespace(rate=120, batch=3, pause=10)

    assert pause_after(taken, asked) == seconds


def test_a_subject_that_an_edited_file_names_twice_is_refused(typed: Typed, approved: Path) -> None:
    told = json.loads(approved.read_text())
    approved.write_text(json.dumps({**told, "redos": told["redos"] * 2}))

    code, _out, err = typed(f"replay redrive {approved} {PACE}")

    assert code == Exit.BAD_INPUT
    assert "Nothing was said." in err


@pytest.mark.parametrize(
    ("asked", "typed_again"),
    [
        ("--who E-0001", "--who E-0001 --save mend.json"),
        ("--who E-1; rm -rf /", "--who 'E-1;' rm -rf / --save mend.json"),
        ("--why 'it", "'--why '\"'\"'it' --save mend.json"),
        ("", "--save mend.json"),
    ],
)
def test_what_a_file_says_was_typed_is_quoted_anew(town: Raw, asked: str, typed_again: str) -> None:
    edited = what_if(town, ANN).model_copy(update={"asked": asked})

    assert redrive._again(edited, Path("mend.json")) == typed_again  # noqa: SLF001 - what a refusal has typed next
