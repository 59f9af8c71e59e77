"""An id that nobody has is answered with what was meant, and with no guess where none is likely."""

from __future__ import annotations

import pytest

from tests.workers.conftest import Typed
from tests.workers.told import SIM
from workers.cli import main
from workers.cli.exits import Exit
from workers.runtime.nearest import meant

IDS = [f"{kind}-{number:04}" for kind, most in (("E", 900), ("S", 12)) for number in range(1, most + 1)]
LINES = [f"{id_}-1" for id_ in IDS] + ["E-0014-2", "E-0014-3"]


@pytest.mark.parametrize(
    ("typo", "ids"),
    [
        ("E-001", ["E-0001"]),
        ("E-00001", ["E-0001"]),
        ("E0001", ["E-0001"]),
        ("e 14", ["E-0014"]),
        ("0001", ["E-0001", "S-0001"]),
        ("E-14-2", ["E-0014-2"]),
        ("S-12", ["S-0012"]),
        ("E-0014-9", ["E-0014-1", "E-0014-2", "E-0014-3"]),
        ("E-0001-11", ["E-0001-1"]),
        ("E-0901", []),
        ("E-9999", []),
        ("E-9999-1", []),
        ("NOBODY", []),
        ("", []),
    ],
)
def test_what_was_meant_has_the_same_figures_or_is_a_line_of_the_same_person(typo: str, ids: list[str]) -> None:
    assert meant(typo, [*IDS, *LINES]) == ids


@pytest.mark.parametrize(("typo", "name"), [("K-mian", "K-main"), ("k-MAIN", "K-main"), ("R-firstaid", "R-first-aid")])
def test_a_name_without_figures_is_found_by_how_it_looks(typo: str, name: str) -> None:
    assert meant(typo, ["E-0001", "K-main", "K-depot", "R-first-aid"]) == [name]


@pytest.mark.parametrize(
    "order",
    [
        "explain e-0001",
        "explain e-0001-1",
        "hold e-0001 --why ill",
        "waive e-0001-1 roster_free --why agreed",
        "correct e-0001 enrolment.absence-ended --why back",
        "watch --employee e-0001 --for 0",
        "watch --wave w-01 --for 0",
        "wave pause w-01 --why fire",
        "wave slots w-01 --why late",
        "dead-letters explain e-0001",
    ],
)
def test_the_letter_before_the_dash_may_be_a_small_one(typed: Typed, order: str) -> None:
    assert typed(order)[0] == Exit.DONE


@pytest.mark.parametrize(
    "words",
    [
        ["explain", ""],
        ["hold", " ", "--why", "ill"],
        ["confirm", "", SIM],
        ["correct", "", "enrolment.absence-ended", "--why", "back"],
        ["wave", "start", "", "--why", "go"],
        ["watch", "--employee", ""],
        ["audit", "--employee", ""],
        ["dead-letters", "explain", ""],
        ["replay", "what-if", "--who", ""],
    ],
)
def test_no_id_at_all_is_told_with_what_one_looks_like(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)

    assert ended.value.code == Exit.USAGE
    assert "give an id such as E-0001" in capsys.readouterr().err


@pytest.mark.parametrize("typo", ["E-001", "E1", "E-0001-11"])
def test_what_was_meant_is_shown_with_the_line_to_type(typed: Typed, typo: str) -> None:
    code, _out, err = typed(f"explain {typo}")

    meant_ = "E-0001-1" if typo.endswith("11") else "E-0001"
    assert code == Exit.BAD_INPUT
    assert f"Did you mean {meant_}?  naadloos explain {meant_}" in err


def test_nobody_is_followed_who_is_nobody(typed: Typed) -> None:
    code, _out, err = typed("watch --employee NOBODY --for 0")

    assert code == Exit.BAD_INPUT
    assert "nobody in this programme is called NOBODY" in err
    assert "Did you mean" not in err


def test_a_wave_may_be_followed_as_any_subject(typed: Typed) -> None:
    assert typed("watch --employee W-01 --for 0")[0] == Exit.DONE
