"""How the workers of a programme are: what they say themselves as a table, and what to type where all is not well."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, cast

from pydantic_core import to_json

from workers.cli.exits import Exit
from workers.cli.page import table
from workers.crew.asking import SUPERVISOR, Asked, Trouble, What, ask, troubles
from workers.crew.roll import Crew
from workers.runtime.health import Need, Report
from workers.runtime.kafka.health import answers
from workers.runtime.language import _, marked
from workers.runtime.settings import Settings
from workers.runtime.signs import printable
from workers.views.times import age

UNKNOWN: Final = "–"
KAFKA_SECONDS: Final = 3.0
"""How long Kafka may take to answer. A worker notices that it is away only once a request of its own has waited."""
NEEDS: Final[Mapping[Need, str]] = {
    "counterpart": marked("{worker} is not ready: a provider does not answer. Read which:  tail {log}"),
    "inbound": marked("{worker} is not ready: the inbound adapter takes nothing. Read why:  tail {inbound}"),
    "journal": marked("{worker} is not ready: it still reads the journal. Look again:  naadloos ps --health"),
    "kafka": marked("{worker} is not ready: Kafka does not answer it. Look:  naadloos kafka status"),
    "partitions": marked("{worker} is not ready: Kafka gave it no partitions. Look:  naadloos kafka status"),
    "workers": marked("{worker} is not ready: a worker that it looks after does not run. Look:  naadloos ps"),
}
"""What a worker lacks, by the name of its need."""
STUCK_SUPERVISOR: Final = marked(
    "{worker} is stuck: its loop stands still for {age}, and nobody starts it again. Do:  naadloos down && naadloos up"
)
"""All workers end with it."""
TEXTS: Final[Mapping[What, str]] = {
    "given-up": marked("{worker} was given up (exit code {value:.0f}). Read why:  tail {log}"),
    "silent": marked("{worker} does not say how it is. Read why:  tail {log}"),
    "stuck": marked("{worker} is stuck: its loop stands still for {age}. Have it started again:  kill -9 {pid}"),
    "undecided": marked(
        "A message waits for its decision for {age} (partition {about}). Is a decider well?  naadloos ps"
    ),
    "unanswered": marked("An order to {about} waits for its answer for {age}. Read why:  tail {effects}"),
    "dead-letters": marked("Dead letters are open ({about}): {value:.0f}. See which:  naadloos dead-letters list"),
    "broken": marked(
        "Decisions broke a promise ({about}): {value:.0f}. Stop the wave, and look which:  grep 'promise broken' {log}"
    ),
    "breaker": marked("Nothing is asked of {about}: it did not answer too often. Read more:  tail {log}"),
}
"""What is amiss, and what to type."""


def show(settings: Settings, crew: Crew, *, as_json: bool) -> int:
    """How everybody is; fails when something is worth an alarm."""
    kafka = answers(settings.bootstrap_servers, seconds=KAFKA_SECONDS)
    asked = ask(crew.roll)
    found = troubles(asked)
    if as_json:
        print(to_json({"kafka": kafka, **_plain(asked, found), "well": kafka and not found}, indent=2).decode())
        return Exit.DONE if kafka and not found else Exit.FAILED
    table(_columns(), [_row(one) for one in asked])
    if not kafka:
        print(_kafka_away(settings), file=sys.stderr)
    logs = settings.folder / "logs"
    # Two workers may have the same to say.
    for told in dict.fromkeys(_told(trouble, asked, logs) for trouble in found):
        print(told, file=sys.stderr)
    return Exit.DONE if kafka and not found else Exit.FAILED


def _kafka_away(settings: Settings) -> str:
    told = _("Kafka does not answer at {servers}: what the workers tell of themselves may stem from before.")
    look = (
        _("Start it:  naadloos kafka start") if settings.embedded else _("See whether it runs:  naadloos kafka status")
    )
    return told.format(servers=settings.bootstrap_servers) + " " + look


def _columns() -> tuple[str, ...]:
    return (
        _("worker"), _("ready"), _("live"), _("undecided") + ">", _("oldest undecided") + ">",
        _("oldest unanswered") + ">", _("dead letters") + ">", _("breakers"), _("restarts") + ">",
    )  # fmt: skip


def _row(asked: Asked) -> tuple[object, ...]:
    member, report = asked.member, asked.report
    ready = _("starting") if asked.starting else UNKNOWN
    if report is None:
        return (member.name, ready, *[UNKNOWN] * 6, member.restarts)
    return (
        member.name,
        ready if asked.starting else _yes_or_no(report.ready),
        _yes_or_no(report.live),
        _sum(report.undecided.values()),
        _oldest(report.oldest_undecided_seconds),
        _oldest(report.oldest_unanswered_seconds),
        _sum(report.dead_letters.values()),
        _breakers(report),
        member.restarts,
    )


def _yes_or_no(answer: bool) -> str:  # noqa: FBT001 - the answer itself
    return _("yes") if answer else _("NO")


def _sum(values: Iterable[int]) -> object:
    known = list(values)
    return sum(known) if known else UNKNOWN


def _oldest(ages: Mapping[str, float]) -> str:
    return _age(max(ages.values())) if ages else UNKNOWN


def _age(seconds: float) -> str:
    if seconds < 60:  # noqa: PLR2004 - a minute
        return _("{seconds:.0f} s").format(seconds=seconds)
    return age(timedelta(seconds=seconds))


def _breakers(report: Report) -> str:
    if not report.breakers:
        return UNKNOWN
    shut = [f"{name} {_(_STATES[state])}" for name, state in sorted(report.breakers.items()) if state != "closed"]
    return ", ".join(shut) or _("closed")


_STATES: Final = {"half-open": marked("half-open"), "open": marked("open")}


def _told(trouble: Trouble, crew: list[Asked], logs: Path) -> str:
    effects = next((one.member.name for one in crew if one.member.name.startswith("effects")), SUPERVISOR)
    return _(_text(trouble)).format(
        worker=trouble.worker,
        about=printable(trouble.about),
        value=trouble.value,
        age=_age(trouble.value),
        pid=next(one.member.pid for one in crew if one.member.name == trouble.worker),
        log=logs / f"{trouble.worker}.log",
        inbound=logs / "inbound.log",
        effects=logs / f"{effects}.log",
    )


def _text(trouble: Trouble) -> str:
    match trouble.what:
        case "not-ready":
            return NEEDS[cast("Need", trouble.about)]
        case "stuck" if trouble.worker == SUPERVISOR:
            return STUCK_SUPERVISOR
        case what:
            return TEXTS[what]


def _plain(crew: list[Asked], found: list[Trouble]) -> dict[str, Any]:
    """The same for other programs."""
    return {
        "workers": [{**one.member.model_dump(), "says": one.report} for one in crew],
        "troubles": found,
    }
