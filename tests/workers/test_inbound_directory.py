"""The directory: whose a dossier, number, SIM or parcel is, as the journal tells it."""

from __future__ import annotations

import pytest

from events.enrolment import LineEnrolled
from events.journal import JournalRecord
from events.places import KitGranted
from tests.workers.inbound_office import BARCODE, DOSSIER, ICCID, JOURNAL, LINE, NUMBER, first
from tests.workers.inbox_facts import TERMS, an_example, fed, record, said
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
