from datetime import timedelta

import pytest

from events.base import Dossier, Key
from events.control import Held
from events.dispatch import HandedOver
from events.enrolment import LeaverAnnounced, LeaverSettled
from events.messages import Role
from events.outcomes import IncidentKind, TaskKind
from events.porting import PortAccepted, PortPerformed, PortSubmitted
from events.sim import SimActivated, SimAttached
from tests.workers.told import ANN, BOB, ELS, EVE, HANDSET, OTHER_SIM, SIM, SLOT, START, WAVE, Told, line_of, small_town
from workers.views.board import Stage, board, by_role, held_lines, incidents, open_tasks, stage_of, totals

LINE = line_of(ANN)
DOSSIER = Dossier("NL-E-0001-1-1")


def _stage(told: Told) -> Stage:
    line = told.known().line(LINE)
    assert line is not None
    return stage_of(line)


def test_a_line_without_a_kit_is_planned() -> None:
    assert _stage(small_town()) is Stage.PLANNED


def test_a_line_whose_right_sim_was_scanned_has_its_kit() -> None:
    told = small_town().kit(LINE)
    told.say(ANN, HandedOver(line=LINE, iccid=SIM, imei=HANDSET, by=ELS))

    assert _stage(told) is Stage.KIT


def test_a_line_with_another_sim_in_hand_is_still_planned() -> None:
    told = small_town().kit(LINE)
    told.say(ANN, HandedOver(line=LINE, iccid=OTHER_SIM, imei=HANDSET, by=ELS))

    assert _stage(told) is Stage.PLANNED


def test_a_number_on_the_new_network_is_ported_and_an_incident_when_nobody_asked() -> None:
    told = small_town().kit(LINE)
    told.say(ANN, PortPerformed(line=LINE, dossier=DOSSIER))

    assert _stage(told) is Stage.PORTED
    assert [(item.line, item.kind) for item in incidents(told.known())] == [(LINE, IncidentKind.PERFORMED_EARLY)]


def test_a_leaver_who_gives_the_number_up_has_ended() -> None:
    told = small_town()
    told.say(ANN, LeaverAnnounced(last_day=START.date()))
    told.say(ANN, LeaverSettled(line=LINE, choice="cancel", by=ELS))

    assert _stage(told) is Stage.ENDED


def test_every_line_is_counted_once_in_the_stages_of_its_wave() -> None:
    told = small_town().kit(LINE)
    told.say(ANN, HandedOver(line=LINE, iccid=SIM, imei=HANDSET, by=ELS))

    (row,) = board(told.known(), now=START)

    assert (row.wave, row.state, row.lines, row.first) == (WAVE, "running", 2, SLOT.start)
    assert row.stages == {Stage.KIT: 1, Stage.PLANNED: 1}
    assert totals(told.known()) == {Stage.KIT: 1, Stage.PLANNED: 2}


def test_a_slot_that_is_over_is_no_next_cut_over() -> None:
    (row,) = board(small_town().known(), now=SLOT.end + timedelta(hours=1))

    assert row.first is None


def test_a_held_person_is_held_in_every_unfinished_line() -> None:
    told = small_town()
    told.line(line_of(ANN, 2), kind="data", ports=False)
    told.say(ANN, Held(why="ill", by=ELS))

    assert held_lines(told.known()) == 2


def test_an_open_task_is_its_roles_until_it_is_closed() -> None:
    told = small_town()
    told.say(ANN, LeaverAnnounced(last_day=START.date()))

    tasks = by_role(open_tasks(told.known()))

    assert [task.kind for task in tasks[Role.PROJECT_LEADER]] == [TaskKind.SETTLE_LEAVER]
    told.say(ANN, LeaverSettled(line=LINE, choice="stays", by=ELS))
    assert open_tasks(told.known()) == []


@pytest.mark.parametrize("subject", [ANN, BOB, EVE])
def test_nobody_is_unreachable_while_the_old_line_works(subject: str) -> None:
    assert subject not in {line.id[:6] for line in small_town().known().unreachable()}


def test_somebody_is_unreachable_once_the_number_moved_to_a_sim_that_is_not_proved() -> None:
    told = small_town().kit(LINE)
    told.say(ANN, HandedOver(line=LINE, iccid=SIM, imei=HANDSET, by=ELS))
    told.say(ANN, SimActivated(line=LINE, key=Key("gm/E-0001-1/activate/1"), iccid=SIM))
    told.say(ANN, SimAttached(line=LINE, iccid=SIM))
    told.say(ANN, PortSubmitted(line=LINE, key=Key("gm/E-0001-1/port/1"), dossier=DOSSIER))
    told.say(ANN, PortAccepted(line=LINE, dossier=DOSSIER, first_possible=START, iccid=SIM))
    told.say(ANN, PortPerformed(line=LINE, dossier=DOSSIER))

    assert [line.id for line in told.known().unreachable()] == [LINE]
