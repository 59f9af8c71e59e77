from __future__ import annotations

from collections import Counter

import pytest

from events.base import SubjectId
from events.codec import decode_fact
from workers.bench.lives import Department, Record, play, records
from workers.journal.fold import Fold
from workers.journal.outputs import outputs
from workers.journal.record import Entry
from workers.runtime.settings import Settings
from workers.runtime.terms import terms_of
from workers.runtime.topics import partition_of

PARTITIONS = 3
TERMS = terms_of(Settings())


@pytest.fixture(scope="module")
def department() -> Department:
    return play(TERMS)


def _decided(inbox: list[Record]) -> tuple[list[Fold], list[Entry]]:
    folds = [Fold(partition, TERMS) for partition in range(PARTITIONS)]
    entries = []
    for record in inbox:
        fold = folds[record.partition]
        _, entry = fold.decide(record.value, key=record.key, offset=fold.offset + 1, now=record.at)
        entries.append(entry)
    return folds, entries


def test_a_decider_orders_for_every_department_what_was_ordered_when_it_was_played(department: Department) -> None:
    inbox = list(records(department, most=3 * len(department.heard), partitions=PARTITIONS))
    _, entries = _decided(inbox)

    assert len(inbox) == 3 * len(department.heard)
    assert not [entry for entry in entries if entry.unread or entry.duplicate]
    assert sum(len(entry.decision.commands) for entry in entries) == 3 * department.commands


def test_what_a_decider_tells_other_subjects_stands_in_the_inbox_already_under_the_same_id(
    department: Department,
) -> None:
    inbox = list(records(department, most=2 * len(department.heard), partitions=PARTITIONS))
    folds, entries = _decided(inbox)
    told = [
        output
        for record, entry in zip(inbox, entries, strict=True)
        for output in outputs(entry, record.partition)
        if output.topic == "inbox"
    ]

    assert len(told) == 2 * department.tells
    for output in told:
        fold = folds[partition_of(SubjectId(output.key.decode()), PARTITIONS)]
        _, entry = fold.decide(output.value, key=output.key, offset=fold.offset + 1, now=inbox[-1].at)
        assert entry.duplicate


def test_the_inbox_is_in_the_order_of_time_and_no_two_messages_share_an_id(department: Department) -> None:
    inbox = list(records(department, most=2 * len(department.heard), partitions=PARTITIONS))
    ids = Counter((said.source, said.id) for said in (decode_fact(record.value) for record in inbox))

    assert [record.at for record in inbox] == sorted(record.at for record in inbox)
    assert max(ids.values()) == 1


def test_at_least_one_department_is_there_however_few_records_are_asked_for(department: Department) -> None:
    assert len(list(records(department, most=1, partitions=PARTITIONS))) == len(department.heard)
