from datetime import timedelta

from events.codec import encode
from events.control import TimeCome
from orchestrator.reasons import Counterpart, Reason
from tests.workers.told import ANN, BOB, EVE, START, WAVE, Told, line_of, small_town
from workers.views.waits import waiting_list


def test_a_line_waits_since_the_decision_that_first_said_so() -> None:
    told = small_town()
    told.say(EVE, TimeCome(due=START), at=START + timedelta(hours=5))

    (wait,) = told.waits.of(EVE, line_of(EVE))

    assert (wait.reason, wait.since, wait.on) == (Reason.NOT_PLANNED, START, Counterpart.PROJECT_LEADER)


def test_a_line_waits_no_more_once_a_decision_leaves_the_reason_out() -> None:
    told = Told().employee(ANN).line(line_of(ANN))
    assert [wait.reason for wait in told.waits.of(ANN)] == [Reason.NOT_PLANNED]

    told.wave(line_of(ANN))

    assert [wait.reason for wait in told.waits.of(ANN)] == [Reason.KIT_ASKED]


def test_the_largest_group_stands_first_and_names_the_one_that_waits_longest() -> None:
    told = small_town()

    groups = waiting_list(told.waits)

    assert [(group.reason, len(group.waits)) for group in groups] == [(Reason.KIT_ASKED, 2), (Reason.NOT_PLANNED, 1)]
    assert groups[0].oldest.who == line_of(ANN)


def test_a_wave_that_is_not_started_is_counted_by_its_lines_alone() -> None:
    told = Told().employee(BOB, superuser=None).line(line_of(BOB)).wave(line_of(BOB), started=False)

    (group,) = waiting_list(told.waits)

    assert (group.reason, [wait.who for wait in group.waits]) == (Reason.WAVE_NOT_RUNNING, [line_of(BOB)])


def test_a_message_heard_twice_changes_nothing_of_what_is_awaited() -> None:
    told = small_town()
    before = told.waits.of(ANN)
    said = told.entries[-1].heard
    assert said is not None

    again = told.decide(_bytes(told), said.subject)

    assert again.duplicate
    assert told.waits.of(ANN) == before
    assert told.waits.of(WAVE)


def _bytes(told: Told) -> bytes:

    heard = told.entries[-1].heard
    assert heard is not None
    return encode(heard)
