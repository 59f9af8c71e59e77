"""Of more reports that match nobody than can wait the oldest wait no longer, though nobody said so of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from events.base import Account, SubjectId
from events.control import ReportDismissed, ReportRouted, ReportUnrouted
from orchestrator.shared import programme as programmes
from orchestrator.shared.programme import Programme, heard
from workers.inbound.unrouted import MOST

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)


def unrouted(number: int) -> ReportUnrouted:
    return ReportUnrouted(source="carrier", reference=str(number), kind="parcel")


def after(*facts: ReportUnrouted | ReportRouted | ReportDismissed) -> list[str]:
    """The reports that wait then."""
    programme = Programme(SubjectId("P-gm"))
    for fact in facts:
        programme = heard(programme, fact, NOW)
    return [report.reference for report in programme.unrouted]


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programmes, "MOST_WAITING", 2)


@pytest.mark.usefixtures("two")
def test_an_adapter_that_let_go_of_the_oldest_without_a_word_leaves_none_that_waits_for_ever() -> None:
    assert after(unrouted(1), unrouted(2), unrouted(3)) == ["2", "3"]


@pytest.mark.usefixtures("two")
def test_one_that_found_its_line_made_room() -> None:
    routed = ReportRouted(source="carrier", reference="2", kind="parcel")

    assert after(unrouted(1), unrouted(2), routed, unrouted(3)) == ["1", "3"]


@pytest.mark.usefixtures("two")
def test_one_that_is_dismissed_afterwards_is_no_matter() -> None:
    dismissed = ReportDismissed(source="carrier", reference="1", why="too many match nobody", by=Account("inbound"))

    assert after(unrouted(1), unrouted(2), unrouted(3), dismissed) == ["2", "3"]


def test_as_many_wait_on_disk_as_are_known_to_wait() -> None:
    assert programmes.MOST_WAITING == MOST == 10_000
