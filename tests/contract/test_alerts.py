"""Alarms ring on metrics that there are and at the limits of `ps --health`, and lead to pages that say what to do."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, get_args

import pytest
from ruamel.yaml import YAML

from tests.contract.documents import ROOT, table
from tests.contract.ringing import CASES, as_tests
from workers.runtime.limits import LIMITS
from workers.runtime.metrics import METRICS, CounterName, GaugeName, HistogramName, Metric

ALERTS = ROOT / "deploy" / "alerts"
RULES_FILE = ALERTS / "naadloos.rules.yaml"
PAGE = ROOT / "docs" / "health.md"
RUNBOOKS = ROOT / "deploy" / "runbooks"
RULES: list[dict[str, Any]] = [rule for group in YAML(typ="safe").load(RULES_FILE)["groups"] for rule in group["rules"]]
NO_PROMTOOL = """The alert rules were not checked: there is no promtool here, so nobody knows whether they ring.
Install it:  apt-get install prometheus
Or without installing a service:  apt-get download prometheus && dpkg-deb -x prometheus_*.deb promtool
and then:  export PATH=$PWD/promtool/usr/bin:$PATH"""


def metric_of(series: str) -> str:
    """The metric that a series belongs to: a histogram is told as several."""
    stem = re.sub(r"_(bucket|count|sum)$", "", series)
    return stem if stem in get_args(HistogramName) else series


def used(text: str) -> set[str]:
    return {metric_of(series) for series in re.findall(r"\bnaadloos_[a-z_]+", text)}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alarm_rings_on_metrics_that_there_are(rule: dict[str, Any]) -> None:
    assert used(rule["expr"]) <= set(METRICS)
    assert used(rule["expr"]) or rule["expr"].startswith('up{job="naadloos"}')


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alarm_speaks_of_labels_that_its_metrics_have(rule: dict[str, Any]) -> None:
    spoken = set(re.findall(r"\$labels\.(\w+)", str(rule["annotations"])))
    kept = re.findall(r"\bby \(([\w, ]+)\)", rule["expr"])
    labels = {"worker", "instance", "job"}.union(*(METRICS[name].labels for name in used(rule["expr"])))  # type: ignore[index]

    assert spoken <= labels
    for names in kept:
        assert spoken <= set(names.split(", ")) <= labels


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alarm_says_what_is_so_and_leads_to_a_page_of_its_kind(rule: dict[str, Any]) -> None:
    notes = rule["annotations"]
    page = (ROOT / notes["runbook"]).read_text(encoding="utf-8")

    assert set(notes) == {"summary", "description", "runbook"}
    assert rule["labels"]["severity"] in {"critical", "warning"}
    for part in ("**What it means.**", "**Who is touched.**", "**It is over**", "naadloos "):
        assert part in page


def test_each_alarm_has_a_name_of_its_own() -> None:
    names = [rule["alert"] for rule in RULES]

    assert len(set(names)) == len(names)


def test_every_runbook_is_some_alarms() -> None:
    assert {path.relative_to(ROOT).as_posix() for path in RUNBOOKS.iterdir()} == {
        rule["annotations"]["runbook"] for rule in RULES
    }


@pytest.mark.parametrize("name", LIMITS)
def test_an_alarm_rings_at_the_limit_that_ps_holds(name: GaugeName) -> None:
    held = [rule["expr"] for rule in RULES if name in used(rule["expr"])]

    assert any(re.search(rf"{name}\)? > {LIMITS[name]:g}$", expr) for expr in held)


def kind_of(name: Metric) -> str:
    if name in get_args(CounterName):
        return "counter"
    return "gauge" if name in get_args(GaugeName) else "histogram"


def test_the_page_names_every_metric_in_the_words_of_the_code() -> None:
    told = {row[0].strip("`"): (row[1], row[2].replace("`", ""), row[3]) for row in table(PAGE, "## Metrics")}

    assert told == {
        name: (kind_of(name), ", ".join(about.labels) or "–", about.text) for name, about in METRICS.items()
    }


def test_the_page_names_every_alarm_with_its_runbook_and_rule() -> None:
    told = [
        f"[{rule['alert']}](../{rule['annotations']['runbook']}) | {rule['labels']['severity']} | `{rule['expr']}`"
        + (f", for {rule['for']}" if "for" in rule else "")
        for rule in RULES
    ]

    assert [" | ".join(row) for row in table(PAGE, "## Alarms")] == told


def test_every_alarm_is_made_to_ring() -> None:
    assert [case.alert for case in CASES] == [rule["alert"] for rule in RULES]


def promtool(*words: str | Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("promtool")
    assert program is not None, NO_PROMTOOL
    return subprocess.run([program, *words], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.long
def test_prometheus_itself_takes_the_rules() -> None:
    for words in (("check", "rules", RULES_FILE), ("check", "config", ALERTS / "prometheus.yaml")):
        checked = promtool(*words)
        assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.long
def test_each_alarm_rings_when_it_should_and_not_before(tmp_path: Path) -> None:
    tests = tmp_path / "ringing.json"  # which is YAML too
    tests.write_text(json.dumps(as_tests(RULES_FILE)))

    tested = promtool("test", "rules", tests)

    assert tested.returncode == 0, tested.stdout + tested.stderr
