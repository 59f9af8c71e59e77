from datetime import UTC, datetime

from events.control import Held
from events.dispatch import HandedOver
from tests.workers.told import ANN, BOB, ELS, EVE, HANDSET, OTHER_SIM, START, Told, line_of, small_town
from workers.runtime.language import use
from workers.views.explaining import Explained, about, circumstances, explained
from workers.views.named import holder_of


def _explained(told: Told, subject: str) -> Explained:
    holder = holder_of(told.known(), subject)
    line = holder.lines[line_of(holder.id)]
    return explained(line, told.waits.of(holder.id, line.id), now=told.at)


def test_each_wait_says_why_on_whom_and_what_would_change_it() -> None:
    (awaited,) = _explained(small_town(), EVE).awaited

    assert (awaited.why, awaited.on) == ("the line has no wave and no slot", "the project leader")
    assert awaited.change == "plan it: naadloos plan --go"
    assert awaited.since == "since Mon 11 Jan 08:00 (0 min)"


def test_what_is_known_is_told_in_plain_words() -> None:
    known = dict(_explained(small_town(), BOB).known)

    assert known["reachable"] == "yes, by what we know"
    assert known["turn"] == "W-01 (running), slot Mon 15 Feb 09:00–11:00, not confirmed yet"
    assert known["port"] == "not requested yet; mandate on file"


def test_a_time_of_another_year_is_told_with_its_year() -> None:
    told = small_town()
    told.at = datetime(2028, 1, 3, 8, 0, tzinfo=UTC)

    (awaited,) = _explained(told, EVE).awaited
    assert awaited.since.startswith("since Mon 11 Jan 2027 08:00 (")
    assert "slot Mon 15 Feb 2027 09:00–11:00" in dict(_explained(told, BOB).known)["turn"]


def test_a_missing_mandate_is_told() -> None:
    assert dict(_explained(small_town(), EVE).known)["port"] == "not requested yet; NO mandate on file"


def test_a_wrong_sim_in_hand_is_told() -> None:
    told = small_town().kit(line_of(ANN))
    told.say(ANN, HandedOver(line=line_of(ANN), iccid=OTHER_SIM, imei=HANDSET, by=ELS))

    assert dict(_explained(told, ANN).known)["kit"].endswith("NOT the one that is meant")


def test_a_person_is_told_by_department_and_superuser_and_never_by_name_or_number() -> None:
    told = small_town()
    holder = holder_of(told.known(), ANN)

    assert about(holder) == "parks, hall · superuser E-0002"
    assert "+31" not in str(_explained(told, ANN))


def test_a_hold_is_told_with_its_reason_and_account() -> None:
    told = small_town()
    told.say(ANN, Held(why="ill", by=ELS))

    assert list(circumstances(holder_of(told.known(), ANN), START)) == [
        ("held", "since Mon 11 Jan 2027 08:00 by els: ill")
    ]


def test_it_is_told_in_dutch_as_well() -> None:
    use("nl")
    try:
        (awaited,) = _explained(small_town(), EVE).awaited
    finally:
        use("en")

    assert (awaited.why, awaited.on) == ("de lijn heeft geen golf en geen tijdvak", "de projectleider")
    assert awaited.since == "sinds ma 11 jan 08:00 (0 min)"
