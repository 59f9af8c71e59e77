"""The list of metrics is whole, named as Prometheus wants it, and what sets a metric gives the labels that it has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from prometheus_client.parser import text_string_to_metric_families

from workers.runtime import metrics
from workers.runtime.metrics import (
    BREAKER_STATES,
    METRICS,
    BreakerState,
    CounterName,
    GaugeName,
    HistogramName,
    Label,
    Metric,
    breaker_is,
    count,
    exposition,
    name_worker,
    show,
    shown,
    took,
)

WORKERS = Path(metrics.__file__).parents[1]
SETTERS = {"count": CounterName, "show": GaugeName, "took": HistogramName}
OF_A_PERSON = {"name", "person", "number", "msisdn", "subject", "line", "employee", "key", "iccid", "mail", "account"}


def told(worker: str) -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    """What this worker gives to Prometheus, by series and labels."""
    series: dict[str, dict[tuple[tuple[str, str], ...], float]] = {}
    for family in text_string_to_metric_families(exposition()[1].decode()):
        for sample in family.samples:
            if sample.labels.get("worker") == worker:
                labels = tuple(sorted((k, v) for k, v in sample.labels.items() if k != "worker"))
                series.setdefault(sample.name, {})[labels] = sample.value
    return series


@pytest.fixture
def worker(request: pytest.FixtureRequest) -> Iterator[str]:
    """A worker of one test's own, so that no other test's figures are among its."""
    name_worker(request.node.name)
    yield request.node.name
    name_worker("")


def names() -> list[Metric]:
    return [*get_args(CounterName), *get_args(GaugeName), *get_args(HistogramName)]


def test_each_name_says_something_once() -> None:
    assert sorted(METRICS) == sorted(names())
    assert len({about.text for about in METRICS.values()}) == len(METRICS)


@pytest.mark.parametrize("name", names())
def test_a_name_is_one_as_prometheus_wants_it(name: Metric) -> None:
    assert re.fullmatch(r"naadloos_[a-z]+(_[a-z]+)*", name)
    assert name.endswith("_total") == (name in get_args(CounterName))
    assert name in get_args(CounterName) or not name.endswith(("_count", "_sum", "_bucket"))


def test_no_label_holds_a_person_number_subject_or_key() -> None:
    used = {label for about in METRICS.values() for label in about.labels}

    assert used == set(get_args(Label))
    assert used & OF_A_PERSON == set()


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Every place in the code that sets a metric: the file, the setter, the call."""
    for path in WORKERS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SETTERS:
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and str(first.value).startswith("naadloos_"):
                    yield path.name, node.func.id, node


def test_whatever_sets_a_metric_gives_its_labels() -> None:
    wrong = []
    for file, _, call in calls():
        assert isinstance(call.args[0], ast.Constant)
        labels = {keyword.arg for keyword in call.keywords}
        if labels != set(METRICS[call.args[0].value].labels):  # type: ignore[index]
            wrong.append((file, call.lineno, call.args[0].value))

    assert wrong == []


def test_every_metric_is_set_somewhere() -> None:
    set_ = {call.args[0].value for _, _, call in calls() if isinstance(call.args[0], ast.Constant)}

    assert set_ == set(names())


def test_what_is_set_is_told_under_the_workers_name(worker: str) -> None:
    count("naadloos_reports_total", 3, outcome="routed")
    count("naadloos_reports_total", outcome="routed")
    show("naadloos_lines", 7, state="done")
    took("naadloos_decision_batch_seconds", 0.3)

    series = told(worker)
    assert series["naadloos_reports_total"] == {(("outcome", "routed"),): 4}
    assert series["naadloos_lines"] == {(("state", "done"),): 7}
    assert series["naadloos_decision_batch_seconds_sum"] == {(): 0.3}
    assert series["naadloos_decision_batch_seconds_bucket"][(("le", "0.5"),)] == 1
    assert series["naadloos_decision_batch_seconds_bucket"][(("le", "0.2"),)] == 0


@pytest.mark.parametrize(("state", "value"), [("closed", 0), ("half-open", 1), ("open", 2)])
def test_a_breaker_is_shown_as_a_number(worker: str, state: BreakerState, value: int) -> None:
    breaker_is("old-provider", state)

    assert told(worker)["naadloos_breaker_state"] == {(("provider", "old-provider"),): value}
    assert BREAKER_STATES[value] == state
    assert shown("naadloos_breaker_state", "provider") == {"old-provider": value}
