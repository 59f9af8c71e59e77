"""An intake that is killed while one partition has acknowledged its part of what was said, and another has not."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from events.envelope import Said
from events.journal import JournalRecord
from events.registry import AnyFact
from events.sim import SimAttached
from tests.workers.inbound_office import E1, JOURNAL, OF_SIM, Office, sim
from tests.workers.inbox_facts import TERMS, fed, record
from workers.journal.fold import Fold


def keeps_the_programmes_and_dies(office: Office, saids: Iterable[Said[AnyFact]]) -> None:
    office.inbox.said += [one for one in saids if one.subject == "P-demo"]
    raise KeyboardInterrupt


def test_a_report_is_not_said_to_be_routed_before_its_fact_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(tmp_path)
    office.intake.take([sim("attached")])
    office.heard()
    office.journal.coming += JOURNAL
    office.journal.at_once = len(JOURNAL)
    with monkeypatch.context() as dying:
        dying.setattr(office.inbox, "say_all", lambda saids: keeps_the_programmes_and_dies(office, saids))
        with pytest.raises(KeyboardInterrupt):
            office.offer_again()
    decided = fed(Fold(0, TERMS), map(record, office.inbox.said))
    office.inbox.said = []
    office.journal.coming += [*JOURNAL, *(JournalRecord.model_validate_json(value) for value, _ in decided)]

    office.open()
    office.offer_again()

    assert (E1, SimAttached(**OF_SIM)) in office.heard()
    assert office.waiting() == []
