"""The directory: whose a dossier, number, SIM or parcel is, as the journal tells it."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from events.dispatch import HandedOver
from events.enrolment import LineEnrolled
from events.journal import JournalRecord
from events.places import KitGranted
from tests.workers.inbound_office import BARCODE, DOSSIER, ICCID, JOURNAL, LINE, NUMBER, first
from tests.workers.inbox_facts import MONDAY, TERMS, an_example, fed, record, said
from workers.inbound.directory import Directory
from workers.journal.fold import Fold


@pytest.mark.parametrize("name", [DOSSIER, ICCID, NUMBER, BARCODE, first(LineEnrolled).old_iccid])
def test_the_directory_knows_every_name_of_a_line(name: str) -> None:
    directory = Directory()
    for each in JOURNAL:
        directory.heard(each)

    assert directory.find(name) == LINE


def test_the_directory_learns_nothing_from_duplicates_and_changes_only_by_what_is_new() -> None:
    granted = said("E-0001", an_example(KitGranted, "E-0001"))
    fold, directory = Fold(0, TERMS), Directory()
    records = [JournalRecord.model_validate_json(value) for value, _ in fed(fold, [record(granted)] * 2)]
    directory.heard(records[1])
    assert directory.changes == 0

    directory.heard(records[0])
    directory.heard(records[0])
    assert directory.changes == 1


def handed_over(subject: str, *, hours: int) -> JournalRecord:
    """The SIM came into the hands of this subject's line; each subject may stand on a partition of its own."""
    fact = said(subject, an_example(HandedOver, subject), at=MONDAY + timedelta(hours=hours))
    ((value, _),) = fed(Fold(0, TERMS), [record(fact)])
    return JournalRecord.model_validate_json(value)


@pytest.mark.parametrize("hours", [(0, 1, 2), (0, 2, 1), (1, 1, 0)])
def test_a_sim_is_whose_it_was_last_in_whatever_order_partitions_are_read(hours: tuple[int, int, int]) -> None:
    subjects = ("E-0001", "E-0002", "E-0003")
    records = [handed_over(subject, hours=hour) for subject, hour in zip(subjects, hours, strict=True)]
    last = max(zip(hours, subjects, strict=True))[1]
    iccid = records[0].data.heard.data["iccid"] if records[0].data.heard else ""

    for order in permutations(records):
        directory = Directory()
        for each in order:
            directory.heard(each)

        assert directory.find(iccid) == f"{last}-1"


def test_what_one_subject_says_twice_of_one_time_holds_as_it_was_said_last() -> None:
    first = handed_over("E-0001", hours=0)
    assert first.data.heard is not None
    second_line = first.data.heard.model_copy(update={"data": {**first.data.heard.data, "line": "E-0001-2"}})
    second = first.model_copy(update={"data": first.data.model_copy(update={"heard": second_line})})
    directory = Directory()
    for each in (first, second):
        directory.heard(each)

    assert directory.find(first.data.heard.data["iccid"]) == "E-0001-2"
