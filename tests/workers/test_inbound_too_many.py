"""Of more reports that match nobody than can wait the oldest are let go, once that can be said."""

from __future__ import annotations

from pathlib import Path

import pytest

from events.control import ReportDismissed, ReportUnrouted
from tests.workers.inbound_office import Office, another, sim, too_long
from workers.runtime.saying import UnableToShortenError


def test_of_too_many_the_oldest_are_let_go_and_that_is_said(tmp_path: Path) -> None:
    office = Office(tmp_path, most=2)
    for number in (1, 2):
        office.intake.take([another(number)])
    office.heard()

    office.intake.take([another(3), another(4), another(5)])

    told = [fact for _, fact in office.heard()]
    assert [fact.reference for fact in told if isinstance(fact, ReportUnrouted)] == ["r-3", "r-4", "r-5"]
    assert [(fact.reference, fact.by) for fact in told if isinstance(fact, ReportDismissed)] == [
        (reference, "inbound") for reference in ("r-1", "r-2", "r-3")
    ]
    assert office.waiting() == ["provider/r-4", "provider/r-5"]


def test_where_nothing_may_be_said_none_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(tmp_path, most=1)
    office.intake.take([sim("attached")])
    monkeypatch.setattr(office.inbox, "say_all", too_long)

    with pytest.raises(UnableToShortenError):
        office.intake.take([another(2)])

    assert office.waiting() == ["provider/r-1"]
