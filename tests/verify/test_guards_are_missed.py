"""The check can fail: a guard that is taken out is missed, by a history or by a story; with it, nothing is amiss."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.deciding import endline, gate
from orchestrator.reasons import Reason
from workers.scenario.shipped import shipped
from workers.verify.guards import GUARDS
from workers.verify.missing import missed
from workers.verify.models import MODELS
from workers.verify.searching import searched


@pytest.mark.parametrize("guard", GUARDS)
def test_without_it_something_goes_otherwise(guard: str) -> None:
    assert missed(guard).by, f"nothing misses that {guard}"


@pytest.mark.parametrize("guard", [name for name, guard in GUARDS.items() if guard.system])
def test_with_it_no_such_history_breaks_a_promise(guard: str) -> None:
    whole = GUARDS[guard]

    assert searched(MODELS[whole.system], whole.k, kinds=whole.kinds).found == {}


def taken_out(module: str, whole: list[Reason]) -> set[Reason]:
    """The conditions that guards take out of the list in this module."""
    kept = [
        {reason for reason, _ in one.value}
        for guard in GUARDS.values()
        for one in guard.out
        if (one.where, one.name) == (f"orchestrator.deciding.{module}", "CONDITIONS") and isinstance(one.value, tuple)
    ]
    return {reason for reason in whole if any(reason not in reasons for reasons in kept)}


def test_every_condition_of_the_gate_is_a_guard() -> None:
    whole = [reason for reason, _ in gate.CONDITIONS]

    assert taken_out("gate", whole) == set(whole)


def test_every_condition_of_the_end_of_an_old_line_is_a_guard() -> None:
    whole = [reason for reason, _ in endline.CONDITIONS]

    assert taken_out("endline", whole) == set(whole)


def test_every_story_of_a_guard_is_played_for_one() -> None:
    stories = {path.stem for path in shipped() if path.stem.startswith("G")}

    assert {guard.story for guard in GUARDS.values() if guard.story.startswith("G")} == stories


def test_the_document_says_how_many_there_are() -> None:
    proof = (Path(__file__).parents[2] / "docs" / "proof.md").read_text(encoding="utf-8")
    histories = sum(bool(guard.system) for guard in GUARDS.values())

    said = (
        f"{len(GUARDS)} guards are listed: {histories} are missed by a history, {len(GUARDS) - histories} by a story."
    )
    assert said in " ".join(proof.split())
