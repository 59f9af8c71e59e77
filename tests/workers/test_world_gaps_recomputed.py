"""The sum of the gaps, done twice by code that shares nothing: both come to the same minutes and owners."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulation.second_sum import TAKING, Row, recomputed
from workers.world.gaps import gap_report

BEGINNING = datetime(2027, 1, 11, 7, tzinfo=UTC)
MINUTES = st.sampled_from([0, 1, 10, 15, 16, 100])


@st.composite
def rows(draw: st.DrawFn, line: str) -> list[Row]:
    """The truth about one line, whatever it is; many of its commands rest on something, well or badly."""
    told: list[Row] = []
    at = BEGINNING
    for _ in range(draw(st.integers(1, 7))):
        answers = draw(st.sampled_from(["handset", "net", "nothing", "nothing"]))
        port = answers == "nothing" and draw(st.booleans())
        ways = {"old_phone": False, "new_sim": draw(st.sampled_from(["", "8931", "8932"])), "net": draw(st.booleans())}
        told.append(
            {
                "at": at.isoformat(),
                "line": line,
                "answers": answers,
                "why": "a port is under way" if port else "so it is",
                "ways": ways,
                "cause": draw(causes(line, at)),
            }
        )
        at += timedelta(minutes=draw(MINUTES))
    return told


@st.composite
def causes(draw: st.DrawFn, line: str, at: datetime) -> dict[str, str]:
    if draw(st.booleans()):
        return {"kind": "world", "what": draw(st.sampled_from(["port-early", "sim-blocked", "sim-died"]))}
    what = draw(st.sampled_from([*sorted(TAKING), "set-forward"]))
    cause = {"kind": "command", "what": what, "reference": f"{line}/{draw(st.integers(0, 3))}", "iccid": "8931"}
    if draw(st.integers(0, 4)):
        cause["evidence_at"] = (at - timedelta(minutes=draw(st.sampled_from([0, 1, 16, 119, 120, 121])))).isoformat()
    if draw(st.booleans()):
        cause["not_after"] = (at + timedelta(minutes=draw(st.sampled_from([-1, 0, 2])))).isoformat()
    return cause


@given(rows("E-0001-1"), rows("E-0002-1"))
@settings(max_examples=150)
def test_two_sums_of_the_same_log_agree(one: list[Row], other: list[Row]) -> None:
    report = gap_report([*one, *other])

    assert recomputed([*one, *other]) == {
        "covered": pytest.approx(report.covered_minutes, abs=0.02),
        "interruptions": report.port_interruption_seconds.max,
        **{f"minutes {owner}": pytest.approx(sum_, abs=0.02) for owner, sum_ in report.gap_minutes.items()},
        **{f"incidents {owner}": count for owner, count in report.incidents.items()},
    }
