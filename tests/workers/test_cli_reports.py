"""Reports that match nobody are shown by source and reference, and settled by hand with reason and account."""

from __future__ import annotations

import json

import pytest

from events.base import Account, SubjectId
from events.control import ReportDismissed, ReportUnrouted
from orchestrator.shared.programme import Programme
from tests.workers.conftest import Typed
from tests.workers.told import TERMS, Told
from workers.cli.exits import Exit

PROGRAMME = SubjectId(f"P-{TERMS.programme}")
DISMISS = "reports dismiss carrier r-1 --why test-parcel --as ops-1"


@pytest.fixture
def unrouted(town: Told) -> Told:
    """Two reports match nobody."""
    for reference in ("r-1", "r-2"):
        town.say(PROGRAMME, ReportUnrouted(source="carrier", reference=reference, kind="parcel"))
    return town


def waiting(told: Told) -> list[str]:
    state = told.state(PROGRAMME)
    assert isinstance(state, Programme)
    return [one.reference for one in state.unrouted]


@pytest.mark.usefixtures("unrouted")
def test_those_that_wait_are_shown_with_what_to_type(typed: Typed) -> None:
    code, out, _ = typed("reports list")

    assert code == Exit.DONE
    assert "2 reports match nobody" in out
    assert "naadloos reports dismiss SOURCE REFERENCE" in out
    assert [json.loads(line)["reference"] for line in typed("reports list --json")[1].splitlines()] == ["r-1", "r-2"]


@pytest.mark.usefixtures("town")
def test_where_none_waits_that_is_said(typed: Typed) -> None:
    assert typed("reports list")[:2] == (Exit.DONE, "No report waits for its line.\n")


def test_a_dismissal_is_shown_first_and_nothing_is_said(unrouted: Told, typed: Typed) -> None:
    code, out, _ = typed(DISMISS)

    assert (code, waiting(unrouted)) == (Exit.DONE, ["r-1", "r-2"])
    assert "The parcel report r-1 of carrier would wait no longer." in out


def test_one_that_is_dismissed_waits_no_longer_and_the_history_says_why(unrouted: Told, typed: Typed) -> None:
    assert typed(f"{DISMISS} --go")[0] == Exit.DONE

    said = unrouted.entries[-1].heard
    assert said is not None
    assert said.message == ReportDismissed(source="carrier", reference="r-1", why="test-parcel", by=Account("ops-1"))
    assert waiting(unrouted) == ["r-2"]


def test_one_that_does_not_wait_cannot_be_dismissed(unrouted: Told, typed: Typed) -> None:
    code, _, err = typed("reports dismiss carrier r-9 --why x --as ops-1 --go")

    assert code == Exit.BAD_INPUT
    assert "no report r-9 of carrier waits. Nothing was said." in err
    assert waiting(unrouted) == ["r-1", "r-2"]
