"""A journal that an earlier version wrote is folded by today's code, and every decision that changed is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.contract.stored_journal import FOLDER
from tests.workers.inbox_facts import TERMS
from workers.replay.compare import Comparing

JOURNALS = sorted(FOLDER.glob("*.jsonl"))


def changed_on_purpose(journal: Path) -> list[str]:
    """Decisions that later code takes otherwise on purpose: `kind offset: why` on each line of the file beside it."""
    beside = journal.with_suffix(".changed")
    return [line.split(":")[0] for line in beside.read_text().splitlines()] if beside.exists() else []


@pytest.mark.parametrize("journal", JOURNALS, ids=lambda path: path.stem)
def test_today_decides_a_stored_journal_as_it_was_decided_but_for_what_is_listed(journal: Path) -> None:
    fold, values = Comparing(0, TERMS), journal.read_bytes().splitlines()

    assert all(fold.follow(value) is not None for value in values)
    assert [f"{one.kind} {one.offset}" for one in fold.differences] == changed_on_purpose(journal)
    assert fold.compared > 400


def test_a_changed_decision_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    (journal,) = JOURNALS[-1:]
    monkeypatch.setattr("orchestrator.deciding.port.PLAIN", "never")  # dossiers get other names
    fold = Comparing(0, TERMS)
    for value in journal.read_bytes().splitlines():
        fold.follow(value)

    first = next(one for one in fold.differences if one.kind == "effects")
    assert {effect.type for effect in (*first.fires, *first.spares)} == {"nl.naadloos.porting.request.v1"}


def test_every_line_of_a_stored_journal_is_a_record() -> None:
    assert JOURNALS
    for journal in JOURNALS:
        offsets = [json.loads(line)["data"]["offset"] for line in journal.read_bytes().splitlines()]
        assert offsets == list(range(len(offsets)))
