"""Whole organisations, on the real Kafka: the sample municipality, and one of ten times its size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulation.second_sum import recomputed
from tests.simulation.test_demo import Demo, rows_of
from workers.runtime.kafka import server

pytestmark = pytest.mark.long
HELD_AT_MOST = 0.03
HOUR = 3600


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    one = Demo(tmp_path_factory.mktemp("long"))
    yield one
    server.stop(one.settings)


@pytest.fixture(scope="module")
def town(demo: Demo) -> dict[str, Any]:
    """A municipality of 900."""
    return demo.ended("town", demo.start("town", employees=900, seed=1), patience=HOUR)


@pytest.fixture(scope="module")
def city(demo: Demo) -> dict[str, Any]:
    """An organisation of 9,000."""
    return demo.ended("city", demo.start("city", employees=9000, seed=1), patience=HOUR)


@pytest.mark.parametrize("name", ["town", "city"])
def test_an_organisation_moves_and_nobody_is_unreachable_by_our_doing(
    demo: Demo, name: str, request: pytest.FixtureRequest
) -> None:
    report = request.getfixturevalue(name)

    _all_accounted_for(report)
    assert report["gap_minutes"]["ours"] == 0
    assert report["gap_minutes"]["ours"] == recomputed(rows_of(demo.log(name)))["minutes ours"]


def test_ten_times_the_people_take_no_more_than_ten_times_as_long(town: dict[str, Any], city: dict[str, Any]) -> None:
    assert (town["employees"], city["employees"]) == (900, 9000)
    assert city["seconds"]["total"] <= 10 * town["seconds"]["total"]


def _all_accounted_for(report: dict[str, Any]) -> None:
    held = sum(report["held"].values())
    assert report["done"] + sum(report["ended"].values()) + held == report["lines"]
    assert held <= HELD_AT_MOST * report["lines"]
    assert all(line["tasks"] for line in report["held_lines"])
    inbox = report["inbox"]
    assert (inbox["decided_once"], inbox["undecided"], inbox["decided_twice"]) == (inbox["records"], 0, 0)
    assert report["effects"]["repeated"] == 0
