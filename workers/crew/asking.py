"""Every worker of a crew is asked how it is, and what of it is worth an alarm."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from typing import Final, Literal

from workers.crew.roll import Member, Roll, State
from workers.runtime.health import HOST, Report
from workers.runtime.limits import LIMITS
from workers.runtime.metrics import BREAKER_STATES

STARTING_SECONDS: Final = 30.0
"""So long after its start a worker that is not ready is no trouble. A longer journal takes longer, and is told."""
SECONDS: Final = 3.0
"""How long a worker may take to say how it is."""
SUPERVISOR: Final = "supervisor"
_LOOPBACK: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""No proxy of the environment stands between two processes of one machine."""


@dataclass(frozen=True)
class Asked:
    """A worker as its supervisor has it, and as it says itself; None where it does not answer."""

    member: Member
    report: Report | None
    listens: bool = True
    """Whether somebody listens at its port. Who only just starts does not yet."""

    @property
    def starting(self) -> bool:
        """Whether it was started only just now, for the first time: it need not be ready yet, nor answer."""
        since, restarts = self.member.since, self.member.restarts
        if since is None or restarts or time.time() - since > STARTING_SECONDS:
            return False
        return not self.report.ready if self.report is not None else not self.listens


What = Literal[
    "given-up", "silent", "stuck", "not-ready", "undecided", "unanswered", "dead-letters", "breaker", "broken"
]


@dataclass(frozen=True)
class Trouble:
    """Something that is worth an alarm: who says so, and of which partition, kind, reason, provider or need."""

    what: What
    worker: str
    about: str = ""
    value: float = 0


def ask(roll: Roll) -> list[Asked]:
    """The supervisor and all its workers, asked side by side; a rehearsal's workers alone."""
    own = Member(
        name=SUPERVISOR,
        pid=roll.pid,
        state=State.RUNNING,
        restarts=0,
        last_exit=None,
        health=roll.health,
        since=roll.began,
    )
    crew = roll.workers if roll.rehearsal else (own, *roll.workers)
    with ThreadPoolExecutor(len(crew)) as threads:
        return list(threads.map(_ask, crew))


def _ask(member: Member) -> Asked:
    """No report also where somebody else answers on its port: another programme's worker has another process id."""
    if member.health is None or member.pid is None:
        return Asked(member, None, listens=False)
    try:
        url = f"http://{HOST}:{member.health}/health"
        with _LOOPBACK.open(url, timeout=SECONDS) as answer:
            report = Report.model_validate_json(answer.read())
    except urllib.error.URLError as error:
        return Asked(member, None, listens=not isinstance(error.reason, ConnectionRefusedError))
    except (OSError, ValueError, HTTPException):
        return Asked(member, None)
    return Asked(member, report if report.pid == member.pid else None)


def troubles(crew: list[Asked]) -> list[Trouble]:
    """All that is worth an alarm, worker by worker."""
    return [trouble for asked in crew for trouble in _of(asked)]


def _of(asked: Asked) -> Iterator[Trouble]:
    name, report = asked.member.name, asked.report
    if asked.member.state is State.GIVEN_UP:
        yield Trouble("given-up", name, value=asked.member.last_exit or 0)
        return
    if report is None:
        if not asked.starting:
            yield Trouble("silent", name)
        return
    if not report.live:
        yield Trouble("stuck", name, value=report.turned_seconds_ago)
    for need in () if asked.starting else report.waits_for:
        yield Trouble("not-ready", name, about=need)
    yield from _beyond(name, report)


def _beyond(name: str, report: Report) -> Iterator[Trouble]:
    oldest = report.oldest_undecided_seconds, LIMITS["naadloos_oldest_undecided_input_seconds"]
    yield from (Trouble("undecided", name, about, value) for about, value in _largest(*oldest))
    unanswered = report.oldest_unanswered_seconds, LIMITS["naadloos_oldest_unanswered_command_seconds"]
    yield from (Trouble("unanswered", name, about, value) for about, value in _above(*unanswered))
    letters = report.dead_letters, LIMITS["naadloos_dead_letters_open"]
    yield from (Trouble("dead-letters", name, about, value) for about, value in _above(*letters))
    broken = report.promises_broken, LIMITS["naadloos_promises_broken"]
    yield from (Trouble("broken", name, about, value) for about, value in _above(*broken))
    breakers = {provider: BREAKER_STATES.index(state) for provider, state in report.breakers.items()}
    yield from (Trouble("breaker", name, about) for about, _ in _above(breakers, LIMITS["naadloos_breaker_state"]))


def _above(values: Mapping[str, float], limit: float) -> list[tuple[str, float]]:
    return [(about, value) for about, value in sorted(values.items()) if value > limit]


def _largest(values: Mapping[str, float], limit: float) -> list[tuple[str, float]]:
    """The worst alone: a decider that stands still leaves all its partitions behind."""
    return sorted(_above(values, limit), key=lambda one: -one[1])[:1]
