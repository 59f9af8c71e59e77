"""A snapshot is held against the journal by what it knows of subjects, and not by where or for whom it is kept."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from events.base import SubjectId
from orchestrator.subjects import fresh
from tests.workers.inbox_facts import MONDAY, TERMS
from workers.journal.fold import Fold
from workers.replay.rebuild import ASIDE, Against, _held_against

ANN = SubjectId("E-0001")
FOLD = Fold(0, TERMS)


def test_what_is_left_out_is_there_to_be_left_out() -> None:
    assert {field.name for field in fields(Fold)} >= ASIDE


@pytest.mark.parametrize("other", [replace(FOLD, position=7), replace(FOLD, partitions=8)])
def test_what_is_no_knowledge_is_not_compared(other: Fold) -> None:
    assert _held_against(FOLD, other) == Against()


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        (replace(FOLD, looks={ANN: MONDAY}), Against(otherwise=("looks",))),
        (replace(FOLD, seen={b"1"}), Against(otherwise=("seen",))),
        (replace(FOLD, states={ANN: fresh(ANN)}), Against(differing=(ANN,))),
    ],
)
def test_what_it_knew_otherwise_is_named(other: Fold, differs: Against) -> None:
    assert _held_against(FOLD, other) == differs
