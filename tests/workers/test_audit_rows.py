"""The audit's rows: who did what, when, on what, from where, with what result, and nothing that is personal."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from events.base import Account, Key, LineId
from events.control import CommandDone, Held, OutcomeUnknown
from events.planning import WaveStarted
from tests.workers.inbox_facts import MONDAY, TERMS, Record, fed, life, record, said
from workers.audit.pages import as_csv, as_json
from workers.audit.rows import Log, Row, Wanted
from workers.journal.chain import Chain
from workers.journal.fold import Fold

HOUR = timedelta(hours=1)
HELD = said("E-0001", Held(why="Ann is in court on Monday", by=Account("els")))


def rows_of(heard: list[Record], wanted: Wanted | None = None) -> list[Row]:
    log, chain = Log(wanted or Wanted()), Chain(0)
    for position, (value, _) in enumerate(fed(Fold(0, STORY), heard)):
        found = chain.follow(value)
        assert found is not None
        log.hear(0, position, found)
    return log.in_order()


LIFE = [record(one) for one in life()]
STORY = replace(TERMS, programme="story")
"""In a line's life the workers answer as of this programme."""


def test_an_order_of_a_person_has_the_six_things_and_both_times() -> None:
    told = HELD._replace(time=MONDAY - HOUR, recorded=MONDAY, source="/naadloos/cli")
    (row,) = rows_of([record(told, MONDAY + HOUR)])

    assert (row.action, row.object, row.result) == ("control.held.v1", "E-0001", "decided")
    assert (row.origin, row.actor, row.at) == ("/naadloos/cli", "els", MONDAY + HOUR)
    assert (row.true_at, row.recorded_at, row.place) == (MONDAY - HOUR, MONDAY, "0/0")


def test_what_was_decided_at_one_time_stands_in_the_order_of_the_journal() -> None:
    rows = rows_of([record(HELD._replace(id=f"held-{number}")) for number in range(11)])

    assert [row.place for row in rows] == [f"0/{position}" for position in range(11)]


def test_who_is_named_in_the_fact_alone_is_the_actor_too() -> None:
    (row,) = rows_of([record(HELD._replace(actor=""))])

    assert row.actor == "els"


def test_what_no_person_said_is_no_row() -> None:
    orders = [row for row in rows_of(LIFE) if not row.key]
    by_people = [one for one in life() if one.actor]

    assert len(orders) == len(by_people)


def test_the_same_message_again_is_told_as_heard_before() -> None:
    rows = rows_of([record(HELD), record(HELD)])

    assert [row.result for row in rows] == ["decided", "heard before"]


def test_an_unread_message_has_its_row_and_says_why() -> None:
    (row,) = rows_of([Record(b"{broken", b"E-0001", MONDAY)])

    assert (row.action, row.object, row.result) == ("unread", "E-0001", "unread: not_json")
    assert (row.actor, row.origin, row.true_at) == ("", "", None)


def test_every_command_has_its_row_and_the_decider_is_its_actor() -> None:
    entries = [entry for _, entry in fed(Fold(0, STORY), LIFE)]
    ordered = [row for row in rows_of(LIFE) if row.key]

    assert len(ordered) == sum(len(entry.decision.commands) for entry in entries) > 5
    assert {row.actor for row in ordered} == {f"decider {entries[0].code}"}
    assert {row.origin for row in ordered} == {"/naadloos/decider"}


def test_a_command_has_its_answer_as_its_result() -> None:
    ordered = {row.key: row for row in rows_of(LIFE) if row.key}
    answers = {getattr(one.message, "key", None): one.message.type for one in life()}
    answered = {key: row for key, row in ordered.items() if Key(key) in answers}

    assert len(answered) > 5
    for key, row in answered.items():
        assert row.result.split(", ")[-1] == answers[Key(key)].removeprefix("nl.naadloos.")
        assert row.answered_at is not None
        assert row.answered_at >= row.at


def test_a_command_without_an_answer_says_so() -> None:
    first = next(number for number, (_, entry) in enumerate(fed(Fold(0, STORY), LIFE)) if entry.decision.commands)
    rows = [row for row in rows_of(LIFE[: first + 1]) if row.key]

    assert {(row.result, row.answered_at) for row in rows} == {("no answer yet", None)}


def test_a_second_answer_is_told_after_the_first() -> None:
    first = next(number for number, (_, entry) in enumerate(fed(Fold(0, STORY), LIFE)) if entry.decision.commands)
    (key, *_) = [row.key for row in rows_of(LIFE[: first + 1]) if row.key]
    line = LineId("E-0001-1")
    unknown = said("E-0001", OutcomeUnknown(line=line, key=Key(key)), id_="a-1")
    done = said("E-0001", CommandDone(line=line, key=Key(key)), id_="a-2")
    rows = rows_of([*LIFE[: first + 1], record(unknown), record(done), record(done)])

    assert next(row.result for row in rows if row.key == key) == "control.outcome-unknown.v1, control.command-done.v1"


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted(), 2),
        (Wanted(since=MONDAY + HOUR), 1),
        (Wanted(until=MONDAY + HOUR), 1),
        (Wanted(since=MONDAY, until=MONDAY), 0),
        (Wanted(employee="E-0001"), 1),
        (Wanted(employee="W-01"), 1),
        (Wanted(employee="E-000"), 0),
        (Wanted(employee="E"), 0),
    ],
)
def test_rows_are_asked_for_by_time_and_by_whom(wanted: Wanted, count: int) -> None:
    started = said("W-01", WaveStarted(by=Account("piet"), why="kits are in"), id_="w", at=MONDAY + HOUR)

    assert len(rows_of([record(HELD), record(started)], wanted)) == count


def test_a_command_is_found_by_its_line_and_by_its_employee() -> None:
    whole = [row for row in rows_of(LIFE) if row.key]

    assert [row for row in rows_of(LIFE, Wanted(employee="E-0001-1")) if row.key] == whole
    assert [row for row in rows_of(LIFE, Wanted(employee="E-0001")) if row.key] == whole


def test_what_a_person_wrote_and_numbers_are_not_copied() -> None:
    out = io.StringIO()
    as_csv(rows_of([record(HELD), *LIFE]), out)

    assert "court" not in out.getvalue()
    assert "+31" not in out.getvalue()
    assert "89310" not in out.getvalue()


def test_no_cell_is_a_formula() -> None:
    (row,) = rows_of([record(HELD._replace(actor='=HYPERLINK("x")'))])
    out = io.StringIO()
    as_csv([row], out)
    read = list(csv.DictReader(io.StringIO(out.getvalue())))

    assert read[0]["actor"] == '\'=HYPERLINK("x")'


def test_json_has_the_same_rows() -> None:
    rows = rows_of(LIFE)
    table, told = io.StringIO(), io.StringIO()
    as_csv(rows, table)
    as_json(rows, told, beside=1)
    read = json.loads(told.getvalue())

    assert read["beside"] == 1
    assert [{name: str(value or "") for name, value in row.items()} for row in read["rows"]] == list(
        csv.DictReader(io.StringIO(table.getvalue()))
    )
