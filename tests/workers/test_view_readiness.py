from datetime import timedelta

from events.control import Held
from events.enrolment import AbsenceAnnounced, Critical, LeaverAnnounced
from events.planning import LinePlanned
from orchestrator.reasons import Reason
from tests.workers.told import ANN, BOB, ELS, EVE, SLOT, START, WAVE, Told, line_of, small_town
from workers.views.plannable import next_wave, plannable
from workers.views.readiness import crew, wave_of


def _unready(told: Told) -> dict[str, tuple[Reason, ...]]:
    wave = wave_of(told.known(), WAVE)
    assert wave is not None
    return {str(item.line): item.reasons for item in crew(told.known(), wave, now=START).unready}


def test_a_line_that_lacks_nothing_of_ours_is_ready() -> None:
    assert line_of(ANN) not in _unready(small_town())


def test_a_critical_line_is_not_ready_before_its_second_medium_is_proved() -> None:
    assert _unready(small_town())[line_of(BOB)] == (Reason.SECOND_MEDIUM_UNPROVED,)


def test_a_line_without_a_mandate_is_not_ready() -> None:
    told = Told().employee(ANN).line(line_of(ANN), mandate="").wave(line_of(ANN), started=False)

    assert _unready(told) == {line_of(ANN): (Reason.NO_MANDATE,)}


def test_a_line_that_does_not_port_needs_no_mandate() -> None:
    told = Told().employee(ANN).line(line_of(ANN), mandate="", ports=False, kind="data").wave(line_of(ANN))

    assert _unready(told) == {}


def test_who_is_held_leaves_or_is_away_in_the_slot_is_not_ready() -> None:
    told = small_town()
    told.say(ANN, Held(why="ill", by=ELS))
    told.say(ANN, LeaverAnnounced(last_day=START.date()))
    told.say(ANN, AbsenceAnnounced(since=SLOT.start - timedelta(days=1), until=SLOT.end))

    assert set(_unready(told)[line_of(ANN)]) == {Reason.ON_HOLD, Reason.LEAVER_UNSETTLED, Reason.PERSON_ABSENT}


def test_the_head_count_is_of_lines_that_are_not_over() -> None:
    told = small_town()
    wave = wave_of(told.known(), WAVE)
    assert wave is not None

    seen = crew(told.known(), wave, now=START)

    assert (seen.lines, seen.people) == ((line_of(ANN), line_of(BOB)), 2)


def test_only_lines_without_a_wave_are_to_be_planned() -> None:
    told = small_town().line(line_of(EVE, 2), born_new=True).line(line_of(EVE, 3), critical=Critical.ON_CALL)

    lines = plannable(told.known())

    assert [(line.line, line.critical, line.department) for line in lines] == [
        (line_of(EVE), False, "roads"),
        (line_of(EVE, 3), True, "roads"),
    ]
    assert next_wave(told.known()) == 2


def test_a_line_whose_wave_was_never_said_is_to_be_planned() -> None:
    told = Told().employee(ANN).line(line_of(ANN))
    told.say(ANN, LinePlanned(line=line_of(ANN), wave=WAVE, slot=SLOT))

    assert [line.line for line in plannable(told.known())] == [line_of(ANN)]
    assert next_wave(told.known()) == 1
