"""For each alarm: figures that come in every fifteen seconds, a moment when it must be quiet, and one when it rings.

`60x8 61x20` is 60 for two minutes and then 61; `0+2x10` begins at 0 and grows by 2 ten times (promtool's notation).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Case:
    """One alarm's figures, by series."""

    alert: str
    figures: dict[str, str]
    quiet: str
    rings: str
    times: int = 1

    def as_test(self) -> dict[str, Any]:
        """As promtool reads it."""
        ringing = f'count(ALERTS{{alertname="{self.alert}", alertstate="firing"}})'
        return {
            "name": self.alert,
            "interval": "15s",
            "input_series": [{"series": name, "values": values} for name, values in self.figures.items()],
            "promql_expr_test": [
                {"expr": ringing, "eval_time": self.quiet, "exp_samples": []},
                {"expr": ringing, "eval_time": self.rings, "exp_samples": [{"labels": "{}", "value": self.times}]},
            ],
        }


def _worker(name: str, labels: str = "") -> str:
    return f'{name}{{worker="w", job="naadloos"{labels}}}'


def _duty(name: str) -> str:
    return _worker(name, ', duty="decider-1"')


_BROKEN = _worker("naadloos_promises_broken", ', reason="law"')
_BREAKER = _worker("naadloos_breaker_state", ', provider="old"')
_FAILED = _worker("naadloos_snapshots_total", ', outcome="failed"')
_OTHERS = _worker("naadloos_incidents_open", ', owner="others"')
_OURS = _worker("naadloos_incidents_open", ', owner="ours"')
_UNREAD = _worker("naadloos_commands_buried_total", ', kind="porting", reason="schema"')

CASES = (
    Case(
        "NaadloosInputUndecided",
        {_worker("naadloos_oldest_undecided_input_seconds", ', partition="3"'): "60x8 61x20"},
        quiet="2m",
        rings="3m",
    ),
    Case("NaadloosPromiseBroken", {_BROKEN: "0x8 1x20"}, quiet="1m", rings="3m"),
    Case(
        "NaadloosBacklogGrowing",
        {_worker("naadloos_undecided_inputs", ', partition="3"'): "5000-10x40 4600+10x80"},
        quiet="10m",
        rings="28m",
    ),
    Case(
        "NaadloosCommandUnanswered",
        {
            _worker("naadloos_oldest_unanswered_command_seconds", ', kind="porting"'): "300x8 301x20",
            _worker("naadloos_oldest_unanswered_command_seconds", ', kind="dispatch"'): "0x28",
        },
        quiet="2m",
        rings="3m",
    ),
    Case("NaadloosBreakerOpen", {_BREAKER: "1x8 2x80"}, quiet="11m", rings="13m"),
    Case(
        "NaadloosDeadLetters",
        {
            _worker("naadloos_dead_letters_open", ', reason="schema"'): "0x8 1x20",
            _worker("naadloos_dead_letters_open", ', reason="not_json"'): "0x8 4x20",
        },
        quiet="2m",
        rings="3m",
        times=2,
    ),
    Case("NaadloosCommandsBuried", {_UNREAD: "0x8 1x20"}, quiet="2m", rings="3m"),
    Case("NaadloosIncidentOfOurs", {_OURS: "0x8 1x20", _OTHERS: "3x28"}, quiet="2m", rings="3m"),
    Case("NaadloosIncidentOfOthers", {_OURS: "0x120", _OTHERS: "0x8 1x110"}, quiet="16m", rings="18m"),
    Case(
        "NaadloosDeciderStopped",
        {
            _duty("naadloos_worker_last_exit_code"): "70x8 71x20",
            _duty("naadloos_worker_given_up"): "1x28",
        },
        quiet="2m",
        rings="3m",
    ),
    Case("NaadloosWorkerGivenUp", {_duty("naadloos_worker_given_up"): "0x8 1x20"}, quiet="2m", rings="3m"),
    Case(
        "NaadloosWorkerRestarting",
        {_duty("naadloos_worker_restarts_total"): "0x60 3x60 8x60"},
        quiet="20m",
        rings="31m",
    ),
    Case("NaadloosWorkerSilent", {'up{job="naadloos", instance="127.0.0.1:9401"}': "1x8 0x40"}, quiet="4m", rings="5m"),
    Case(
        "NaadloosNobodyWatches",
        {_worker("naadloos_unanswered_commands", ', kind="porting"'): "0x8 stale"},
        quiet="7m",
        rings="8m",
    ),
    Case("NaadloosWorkerStuck", {_worker("naadloos_live"): "1x8 0x40"}, quiet="3m", rings="4m"),
    Case("NaadloosWorkerNotReady", {_worker("naadloos_ready"): "1x8 0x40"}, quiet="7m", rings="8m"),
    Case("NaadloosSnapshotsFail", {_FAILED: "0x8 1x20"}, quiet="2m", rings="3m"),
    Case(
        "NaadloosProduceFaults",
        {_worker("naadloos_produce_faults_total", ', topic="inbox"'): "2x8 3x20"},
        quiet="2m",
        rings="3m",
    ),
    Case("NaadloosDiskLow", {_worker("naadloos_disk_free_bytes"): "2e9x8 19e8x60"}, quiet="7m", rings="8m"),
    Case(
        "NaadloosDiskFilling",
        {_worker("naadloos_disk_free_bytes"): "50000000000-100000x160 49000000000-40000000x400"},
        quiet="38m",
        rings="120m",
    ),
)


def as_tests(rules: Path) -> dict[str, Any]:
    """All of them, as promtool reads them."""
    return {
        "rule_files": [str(rules)],
        "evaluation_interval": "15s",
        "tests": [case.as_test() for case in CASES],
    }
