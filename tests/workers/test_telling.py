"""What a decider tells of its decisions: a line where something follows, all of them at `debug`, and figures."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
import structlog

from events.base import SubjectId
from tests.workers.inbox_facts import MONDAY, TERMS, Record, fed, life, record
from tests.workers.test_metrics import told
from workers.journal.fold import Fold
from workers.journal.record import Entry
from workers.journal.telling import Telling, follow_ups
from workers.runtime.log import ALLOWED, configure
from workers.runtime.metrics import name_worker

Tell = Callable[[Literal["debug", "info"]], list[dict[str, Any]]]
RUBBISH = Record(b"{", b"E-0001", MONDAY)


def entries() -> list[Entry]:
    """A line's whole life, its first message twice, and rubbish at the end."""
    whole = [record(one) for one in life()]
    return [entry for _, entry in fed(Fold(5, TERMS), [*whole, whole[0], RUBBISH])]


@pytest.fixture
def lines(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Tell]:
    """Tells of a whole life at this level; the log's lines."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level

    def tell(level: Literal["debug", "info"]) -> list[dict[str, Any]]:
        file = tmp_path / f"{level}.jsonl"
        configure(worker=request.node.name, file=file, level=level)
        teller = Telling(level)
        for entry in entries():
            teller.decision(entry, 5, 0.0012)
        teller.batch(0.3)
        return [json.loads(line) for line in file.read_text().splitlines()]

    yield tell
    root.handlers, root.level = handlers, level
    name_worker("")
    structlog.contextvars.clear_contextvars()
    structlog.reset_defaults()


def test_at_debug_each_decision_has_its_line(lines: Tell) -> None:
    told_of = [line["offset"] for line in lines("debug")]

    assert told_of == [entry.link.offset for entry in entries()]


def test_at_info_only_that_from_which_something_follows_has_one(lines: Tell) -> None:
    told_of = {line["offset"] for line in lines("info")}
    wanted = {entry.link.offset for entry in entries() if follow_ups(entry) or entry.unread}

    assert told_of == wanted
    assert 0 < len(wanted) < len(entries())


def test_a_line_says_what_was_heard_about_whom_why_what_follows_and_how_long_it_took(lines: Tell) -> None:
    first = next(line for line in lines("info") if "porting.request" in line["outcome"])

    assert set(first) <= ALLOWED
    assert (first["subject"], first["partition"], first["ms"]) == (SubjectId("E-0001"), 5, 1.2)
    assert first["worker"]
    assert first["type"]
    assert first["because"]


def test_what_could_not_be_read_is_a_warning_with_its_reason(lines: Tell) -> None:
    (unread,) = [line for line in lines("info") if line["level"] == "warning"]

    assert (unread["event"], unread["reason"], unread["outcome"], unread["type"]) == (
        "unread",
        "not_json",
        "unread",
        "",
    )


def test_a_message_that_came_twice_is_told_as_such(lines: Tell) -> None:
    outcomes = [line["outcome"] for line in lines("debug")]

    assert outcomes.count("duplicate") == 1


def test_outcomes_are_counted_and_the_batch_is_timed(lines: Tell, request: pytest.FixtureRequest) -> None:
    lines("info")

    series = told(request.node.name)
    assert series["naadloos_inbox_records_total"] == {
        (("outcome", "decided"),): len(entries()) - 2,
        (("outcome", "duplicate"),): 1,
        (("outcome", "unread"),): 1,
    }
    assert series["naadloos_decision_batch_seconds_count"] == {(): 1}


def test_the_same_follow_up_several_times_is_told_once_with_its_number() -> None:
    asked = next(entry for entry in entries() if len(entry.decision.tells) + len(entry.decision.commands) > 1)
    doubled = asked._replace(decision=type(asked.decision)(commands=asked.decision.commands * 2))

    assert all(word.endswith(("*2", "*4", "*6")) for word in follow_ups(doubled).split())
