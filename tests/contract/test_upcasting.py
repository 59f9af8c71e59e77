"""A message of an older version is decided as today's is, by the step that docs/versions.md shows as its example."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from events.codec import decode_any, decode_fact
from events.dispatch import HandedOver
from events.upcast import STEPS
from tests.contract.documents import ROOT
from tests.workers.inbox_facts import TERMS, Record, fed, known, life, record
from workers.journal.fold import Fold

NEW, OLD = b"nl.naadloos.dispatch.handed-over.v1", b"nl.naadloos.dispatch.handed-over.v0"
SCANNED = re.compile(rb'"iccid":"(\d+)","imei":"(\d+)"')


@pytest.fixture(autouse=True)
def step() -> Iterator[None]:
    """The step of the document is part of the code for the length of a test."""
    shipped = dict(STEPS)
    (shown,) = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs" / "versions.md").read_text(encoding="utf-8"), re.DOTALL
    )
    exec(shown, {"STEPS": STEPS, "Mapping": Mapping, "Any": Any})
    yield
    STEPS.clear()
    STEPS.update(shipped)


def of_old(raw: bytes) -> bytes:
    """The same message as the older version would have said it."""
    return SCANNED.sub(rb'"scanned":"\1/\2"', raw).replace(NEW, OLD) if NEW in raw else raw


def told_of_old() -> list[Record]:
    records = [record(said) for said in life()]
    return [Record(of_old(one.raw or b""), one.key, one.now) for one in records]


def test_an_old_message_is_read_as_one_of_today() -> None:
    said = next(said for said in life() if isinstance(said.message, HandedOver))
    raw = of_old(record(said).raw or b"")

    assert OLD in raw
    assert b'"scanned":' in raw
    assert decode_fact(raw) == said
    assert decode_any(raw).message == said.message


def test_a_life_told_in_the_old_version_is_decided_as_in_the_new() -> None:
    today, old = Fold(0, TERMS), Fold(0, TERMS)

    decided_today = [entry for _, entry in fed(today, [record(said) for said in life()])]
    decided_old = [entry for _, entry in fed(old, told_of_old())]

    assert [entry.decision for entry in decided_old] == [entry.decision for entry in decided_today]
    assert old.states == today.states
    assert not any(entry.unread for entry in decided_old)


def test_the_journal_keeps_the_old_bytes_and_is_read_back_the_same() -> None:
    decider, reader = Fold(0, TERMS), Fold(0, TERMS)
    values = [value for value, _ in fed(decider, told_of_old())]

    assert sum(b'"scanned":' in value for value in values) == 1
    assert all(reader.follow(value) is not None for value in values)
    assert known(reader) == known(decider)


def test_old_data_that_says_too_little_is_a_dead_letter_and_no_crash() -> None:
    raw = next(one.raw for one in told_of_old() if one.raw and OLD in one.raw)
    said_nothing = re.sub(rb'"scanned":"[^"]*",?', b"", raw)

    ((_, entry),) = fed(Fold(0, TERMS), [Record(said_nothing, b"E-0001", life()[-1].recorded)])

    assert entry.unread is not None
    assert entry.unread.reason == "schema"
