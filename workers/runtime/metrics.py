"""Every metric that a worker gives to Prometheus: the one list of names, what each says, and the one way to set it.

A name that is not on the list fails the type check, and so does a gauge that is counted. Labels name workers, kinds,
topics and reasons, and never a person, number, subject or key; `docs/health.md` shows the list as a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

CounterName = Literal[
    "naadloos_inbox_records_total",
    "naadloos_commands_answered_total",
    "naadloos_commands_buried_total",
    "naadloos_produce_faults_total",
    "naadloos_reports_total",
    "naadloos_snapshots_total",
    "naadloos_times_come_total",
    "naadloos_worker_restarts_total",
]
GaugeName = Literal[
    "naadloos_breaker_state",
    "naadloos_dead_letters_open",
    "naadloos_disk_free_bytes",
    "naadloos_incidents_open",
    "naadloos_journal_position",
    "naadloos_lines",
    "naadloos_live",
    "naadloos_oldest_unanswered_command_seconds",
    "naadloos_oldest_undecided_input_seconds",
    "naadloos_promises_broken",
    "naadloos_ready",
    "naadloos_unanswered_commands",
    "naadloos_undecided_inputs",
    "naadloos_worker_given_up",
    "naadloos_worker_last_exit_code",
]
HistogramName = Literal["naadloos_decision_batch_seconds"]
Metric = CounterName | GaugeName | HistogramName
Label = Literal["duty", "kind", "outcome", "owner", "partition", "provider", "reason", "state", "topic"]
"""What tells the values of one metric apart, beside `worker`, which every metric has."""


@dataclass(frozen=True)
class About:
    """What a metric says, its unit in its name, and its labels beside `worker`."""

    text: str
    labels: tuple[Label, ...] = ()


METRICS: Final[Mapping[Metric, About]] = {
    # A decider says these.
    "naadloos_inbox_records_total": About("Inbox records: decided, duplicate or unread.", ("outcome",)),
    "naadloos_decision_batch_seconds": About("From taking a batch of the inbox to its decisions being in the journal."),
    "naadloos_snapshots_total": About("Snapshots: written or failed.", ("outcome",)),
    # Effect workers say these.
    "naadloos_commands_answered_total": About(
        "Commands answered, by kind of worker and type of answer.", ("kind", "outcome")
    ),
    "naadloos_commands_buried_total": About(
        "Commands that became dead letters, by what is wrong with them.", ("kind", "reason")
    ),
    "naadloos_breaker_state": About("The breaker before a provider: 0 closed, 1 half-open, 2 open.", ("provider",)),
    # The clock, which follows the whole journal, says these.
    "naadloos_times_come_total": About("Times at which a subject was to be looked at again, said by the clock."),
    "naadloos_journal_position": About(
        "The journal offset up to which it is read, by the clock's reader.", ("partition",)
    ),
    "naadloos_undecided_inputs": About("Inbox records without a decision.", ("partition",)),
    "naadloos_oldest_undecided_input_seconds": About(
        "How long the oldest of them waits; 0 where all are decided.", ("partition",)
    ),
    "naadloos_unanswered_commands": About("Commands without an answer, by kind of worker.", ("kind",)),
    "naadloos_oldest_unanswered_command_seconds": About(
        "How long the oldest of them waits; 0 where all are answered.", ("kind",)
    ),
    "naadloos_dead_letters_open": About(
        "Messages and commands that could not be read, decided on or carried out.", ("reason",)
    ),
    "naadloos_incidents_open": About("Lines with an open incident: who may be unreachable, by owner.", ("owner",)),
    "naadloos_lines": About("Enrolled lines: under_way, done or ended.", ("state",)),
    # The monitor, which holds every decision against the promises, says this.
    "naadloos_promises_broken": About("Decisions that broke a promise (docs/promises.md), by promise.", ("reason",)),
    # The inbound adapter says this.
    "naadloos_reports_total": About("Reports of providers taken in: routed, or unrouted (nobody's).", ("outcome",)),
    # The supervisor says these of the workers that it looks after.
    "naadloos_worker_restarts_total": About("How often a worker was started again.", ("duty",)),
    "naadloos_worker_given_up": About("1 where a worker kept ending and is not started again.", ("duty",)),
    "naadloos_worker_last_exit_code": About("How a worker ended last; negative for a signal.", ("duty",)),
    "naadloos_disk_free_bytes": About("Free bytes on the disk of the state directory."),
    # Every worker says these.
    "naadloos_live": About("1 while the worker's loop turns; 0 once it is stuck."),
    "naadloos_ready": About("1 while the worker has what it needs for its work."),
    "naadloos_produce_faults_total": About("Records that Kafka did not acknowledge.", ("topic",)),
}
"""By name, in the order of who says them."""

BreakerState = Literal["closed", "half-open", "open"]
BREAKER_STATES: Final[tuple[BreakerState, ...]] = ("closed", "half-open", "open")
"""Each is shown as its place in this list."""
_BATCH_BUCKETS: Final = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)

# When each series began is no news, and would double them.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the library gives it no types
REGISTRY: Final = CollectorRegistry()
ProcessCollector(registry=REGISTRY)


def _labels(name: Metric) -> tuple[str, ...]:
    return ("worker", *METRICS[name].labels)


_COUNTERS: Final[Mapping[CounterName, Counter]] = {
    name: Counter(name, METRICS[name].text, _labels(name), registry=REGISTRY) for name in get_args(CounterName)
}
_GAUGES: Final[Mapping[GaugeName, Gauge]] = {
    name: Gauge(name, METRICS[name].text, _labels(name), registry=REGISTRY) for name in get_args(GaugeName)
}
_HISTOGRAMS: Final[Mapping[HistogramName, Histogram]] = {
    name: Histogram(name, METRICS[name].text, _labels(name), registry=REGISTRY, buckets=_BATCH_BUCKETS)
    for name in get_args(HistogramName)
}
_worker = ""


def name_worker(name: str) -> None:
    """Every metric of this process bears this worker's name from now on."""
    global _worker  # noqa: PLW0603 - a process is one worker
    _worker = name


def count(name: CounterName, number: float = 1, **labels: str) -> None:
    """So many more of these happened."""
    _COUNTERS[name].labels(worker=_worker, **labels).inc(number)


def show(name: GaugeName, value: float, **labels: str) -> None:
    """This is how it stands now."""
    _GAUGES[name].labels(worker=_worker, **labels).set(value)


def took(name: HistogramName, seconds: float, **labels: str) -> None:
    """One of these took so long."""
    _HISTOGRAMS[name].labels(worker=_worker, **labels).observe(seconds)


def breaker_is(provider: str, state: BreakerState) -> None:
    """The breaker before this provider is in this state. The provider is named by what it is, never by a person."""
    show("naadloos_breaker_state", BREAKER_STATES.index(state), provider=provider)


def shown(name: GaugeName, label: Label) -> dict[str, float]:
    """How it stands, by the values of one label; nothing where this worker does not know."""
    samples = (sample for family in _GAUGES[name].collect() for sample in family.samples)
    return {sample.labels[label]: sample.value for sample in samples if sample.labels["worker"] == _worker}


def exposition() -> tuple[str, bytes]:
    """All that this process knows in Prometheus's text format: the content type, and the body."""
    return CONTENT_TYPE_LATEST, generate_latest(REGISTRY)
