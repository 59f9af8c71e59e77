import json
from datetime import timedelta

import pytest

from events.base import Dossier
from events.planning import PersonMissedSlot
from events.porting import PortBlocked
from tests.workers.told import ANN, BOB, EVE, SLOT, START, Told, line_of, small_town
from workers.journal.record import Entry
from workers.views.stream import Wanted, as_json, exceptional, where
from workers.views.stream import line_of as shown


def _shown(told: Told, entry: Entry) -> str:
    return shown(entry, where(entry, told.state(entry.subject)))


def _passing(told: Told, wanted: Wanted) -> list[Entry]:
    return [entry for entry in told.entries if wanted.lets(entry, where(entry, told.state(entry.subject)), 0)]


def test_a_decision_is_one_line_with_time_who_where_what_and_why() -> None:
    told = small_town()
    entry = told.say(ANN, PersonMissedSlot(line=line_of(ANN), start=SLOT.start))

    text = _shown(told, entry)

    assert "\n" not in text
    assert text.startswith("11 Jan 08:00:00  E-0001-1   W-01 parks ")
    assert "the person missed the slot of Mon 15 Feb 09:00  → a kit is asked from the stock" in text


def test_what_could_not_be_read_is_a_line_as_well() -> None:
    told = small_town()
    entry = told.decide(b"{", ANN)

    assert "UNREAD (not_json)" in _shown(told, entry)
    assert exceptional(entry)


@pytest.mark.parametrize(
    ("wanted", "subjects"),
    [
        (Wanted(employee="E-0003"), {EVE}),
        (Wanted(employee="E-0001-1"), {ANN}),
        (Wanted(wave="W-01"), {ANN, BOB, "W-01"}),
        (Wanted(department="ROAD"), {EVE}),
        (Wanted(reason="wave_running"), {"W-01"}),
        (Wanted(exceptions=True), set()),
        (Wanted(since=START + timedelta(days=1)), set()),
        (Wanted(place=(1, 0)), set()),
        (Wanted(employee="E-0003", wave="W-01"), set()),
    ],
)
def test_a_filter_lets_through_what_it_names(wanted: Wanted, subjects: set[str]) -> None:
    assert {entry.subject for entry in _passing(small_town(), wanted)} == subjects


def test_a_position_lets_through_what_stands_there_and_after_it() -> None:
    told = small_town()

    assert [entry.link.offset for entry in _passing(told, Wanted(place=(0, 20)))] == list(range(20, len(told.entries)))


def test_a_refused_port_is_an_exception() -> None:
    told = small_town()
    told.say(ANN, PortBlocked(line=line_of(ANN), dossier=Dossier("NL-E-0001-1-1"), code="63"))

    (entry,) = _passing(told, Wanted(exceptions=True))

    assert "old provider refuses the port, code 63" in _shown(told, entry)


def test_the_json_holds_both_times_and_the_position() -> None:
    told = small_town()
    entry = told.say(ANN, PersonMissedSlot(line=line_of(ANN), start=SLOT.start), at=START - timedelta(hours=1))

    found = json.loads(json.dumps(as_json(entry, where(entry, told.state(ANN)), 3)))

    assert (found["true_at"], found["at"]) == ("2027-01-11T06:00:00+00:00", "2027-01-11T07:00:00+00:00")
    assert found["position"] == f"3/{entry.link.offset}"
    assert (found["line"], found["wave"], found["department"]) == ("E-0001-1", "W-01", "parks")
