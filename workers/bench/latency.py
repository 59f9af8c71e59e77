"""From a fact to its decision: how long until whoever follows the journal reads what was decided."""

import statistics
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from events.base import PersonId, SubjectId
from events.enrolment import EmployeeEnrolled
from events.journal import JournalRecord
from workers.bench.field import topics
from workers.bench.lives import SOURCE
from workers.bench.report import Latency
from workers.crew.duties import duties
from workers.crew.supervisor import Supervisor
from workers.journal.reading import Journal, chains_of
from workers.runtime.away import silent
from workers.runtime.saying import Inbox
from workers.runtime.settings import Settings

PACE: Final = 0.02
WARM_UP: Final = 20
PATIENCE: Final = 60
"""Seconds for one fact; a machine on which it takes longer is not measured."""


def latency(settings: Settings, facts: int) -> Latency:
    """Facts said one at a time to a decider in a process of its own; each is awaited before the next is said."""
    with topics(settings, "latency") as ours:
        decider = next(duty for duty in duties(ours) if duty.name.startswith("decider"))
        supervisor = Supervisor((decider,), logs=Path(ours.state_dir) / "logs")
        supervisor.start()
        try:
            took = _measured(ours, facts)
        finally:
            supervisor.stop()
    ordered = sorted(took)
    return Latency(
        facts=facts,
        paced_ms=PACE * 1000,
        p50_ms=round(statistics.median(ordered), 2),
        p99_ms=round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))], 2),
        max_ms=round(ordered[-1], 2),
    )


def _measured(settings: Settings, facts: int) -> list[float]:
    inbox, journal = Inbox(settings), Journal(settings, chains_of(settings))
    took = []
    for number in range(WARM_UP + facts):
        began = time.perf_counter()
        _say(inbox, number)
        _await(journal, f"latency/{number}")
        took.append((time.perf_counter() - began) * 1000)
        time.sleep(PACE)
    journal.close()
    return took[WARM_UP:]


def _say(inbox: Inbox, number: int) -> None:
    subject = SubjectId(f"E-{number:05d}")
    fact = EmployeeEnrolled(person=PersonId(f"p-{number}"), department="works", site="hall")
    inbox.say(subject, fact, at=datetime.now(UTC), actor=None, source=SOURCE, id=f"latency/{number}")
    inbox.flush()


def _await(journal: Journal[JournalRecord], id_: str) -> None:
    for _second in range(PATIENCE):
        for _, record in journal.read(1.0):
            if record.data.heard is not None and record.data.heard.id == id_:
                return
    raise silent(journal.topic, seconds=PATIENCE)
