"""Whose gap it was, judged from the truth log of the simulated world."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from events.base import Account
from events.cutover import Network
from events.enrolment import Execution, Handset
from events.messages import Template
from events.outcomes import Owner
from tests.workers.small_world import DESK, DOSSIER, LINE, MONDAY, SIM, Story, line_row
from workers.world.acts import ClearForward, Collect, EndOldLine, SetForward
from workers.world.chances import Rates
from workers.world.gaps import FRESH, GapReport, gap_report
from workers.world.moving import RECALL_BEFORE

HOUR = timedelta(hours=1)


def owners(story: Story, *, fresh: timedelta = FRESH) -> list[Owner]:
    return [gap.owner for gap in gap_report(story.log, ends=story.now + HOUR, fresh=fresh).gaps]


def with_a_dead_sim(story: Story) -> Story:
    """The SIM passed its test and died."""
    story.is_tested(None)
    return story.waits(days=3)


def test_a_good_cut_over_has_no_gap() -> None:
    story = Story().is_ready()
    story.executes()
    story.waits(minutes=6)
    report = gap_report(story.log)

    assert report.gaps == ()
    assert report.gap_minutes == dict.fromkeys(Owner, 0)
    assert report.port_interruption_seconds.p50 == report.port_interruption_seconds.max > 0


def test_an_execution_on_a_sim_that_was_dead_when_it_was_tested_is_ours() -> None:
    story = with_a_dead_sim(Story(rates=Rates.calm(sim_dies=1)).is_ready())
    story.executes()
    story.waits(minutes=6)

    assert owners(story) == [Owner.OURS]
    assert gap_report(story.log, ends=story.now + HOUR).gap_minutes[Owner.OURS] > 60


def test_an_execution_on_evidence_that_was_true_and_fresh_is_unforeseeable() -> None:
    story = Story(rates=Rates.calm(sim_dies=1)).is_ready()
    tested = story.now
    with_a_dead_sim(story)
    story.executes(evidence_at=tested)
    story.waits(minutes=6)

    assert owners(story, fresh=timedelta(days=4)) == [Owner.UNFORESEEABLE]


def test_an_execution_on_old_evidence_is_ours() -> None:
    story = Story(rates=Rates.calm(sim_dies=1)).is_ready()
    tested = story.now
    with_a_dead_sim(story)
    story.executes(evidence_at=tested)
    story.waits(minutes=6)

    assert owners(story) == [Owner.OURS]


def booked(*, tested: timedelta | None, dead: timedelta) -> Story:
    """A batch whose SIM passed a test and died so long before it could be recalled no more."""
    story = Story(line_row(execution=Execution.BOOKED)).is_ready()
    recall = story.now + timedelta(days=2)
    story.books(recall + RECALL_BEFORE)
    if tested is not None:
        story.waits(until=recall - tested).is_tested(None)
    story.waits(until=recall - dead).befalls("sim-dies")
    return story.waits(until=recall + RECALL_BEFORE + HOUR)


def test_a_batch_whose_sim_died_after_its_last_test_is_unforeseeable() -> None:
    assert owners(booked(tested=timedelta(minutes=20), dead=timedelta(minutes=5))) == [Owner.UNFORESEEABLE]


def test_a_batch_whose_sim_died_when_it_could_be_recalled_no_more_is_unforeseeable() -> None:
    assert owners(booked(tested=timedelta(minutes=20), dead=-timedelta(minutes=5))) == [Owner.UNFORESEEABLE]


def test_a_batch_that_rests_on_an_old_test_or_on_none_is_ours() -> None:
    assert owners(booked(tested=timedelta(hours=3), dead=timedelta(minutes=5))) == [Owner.OURS]
    assert owners(booked(tested=None, dead=timedelta(minutes=5))) == [Owner.OURS]


def test_a_test_that_came_too_late_to_recall_says_nothing_for_the_batch() -> None:
    assert owners(booked(tested=-timedelta(minutes=5), dead=-timedelta(minutes=10))) == [Owner.OURS]


def test_a_batch_rests_on_a_test_from_before_it_was_booked_as_well() -> None:
    story = Story(line_row(execution=Execution.BOOKED)).is_ready()
    story.is_tested(None)
    starts = story.now + RECALL_BEFORE + timedelta(minutes=30)
    story.books(starts)
    story.befalls("sim-dies").waits(until=starts + HOUR)

    assert owners(story) == [Owner.UNFORESEEABLE]


def test_a_port_that_nobody_asked_for_is_others() -> None:
    story = Story(rates=Rates.calm(early=1)).has_the_port_accepted()

    assert owners(story) == [Owner.OTHERS]


def test_a_sim_that_dies_after_a_good_port_without_a_net_is_unforeseeable() -> None:
    story = Story(rates=Rates.calm(sim_dies=1)).is_ready()
    story.executes()
    story.waits(minutes=6)
    story.is_tested(story.line.number)
    story.waits(days=3)

    assert owners(story) == [Owner.UNFORESEEABLE]


def test_what_the_net_catches_is_covered_and_no_gap() -> None:
    story = Story(rates=Rates.calm(sim_dies=1)).is_ready()
    story.sets(Network.NEW)
    story.executes()
    story.waits(minutes=6)
    story.is_tested(story.line.number)
    story.waits(days=3)
    report = gap_report(story.log, ends=story.now)

    assert report.gaps == ()
    assert report.covered_minutes > 60


def test_taking_the_net_away_while_only_the_net_answers_is_ours() -> None:
    story = Story(rates=Rates.calm(sim_dies=1)).is_ready()
    story.sets(Network.NEW)
    story.executes()
    story.waits(minutes=6)
    story.is_tested(story.line.number)
    story.waits(days=3)
    story.clears(Network.NEW)

    assert owners(story) == [Owner.OURS]


def test_taking_the_net_away_on_a_test_that_was_true_and_fresh_is_unforeseeable() -> None:
    story = Story(rates=Rates.calm(sim_dies=1)).is_ready()
    story.sets(Network.NEW)
    story.executes()
    story.waits(minutes=6)
    tested = story.now
    story.is_tested(story.line.number)
    story.waits(days=3)
    story.does(ClearForward(Network.NEW, story.line.number, SIM, 1, None, tested))

    assert owners(story, fresh=timedelta(days=4)) == [Owner.UNFORESEEABLE]


def test_a_net_that_breaks_under_a_port_on_bad_evidence_is_still_ours() -> None:
    story = with_a_dead_sim(Story(rates=Rates.calm(sim_dies=1, forward_lost=1)).is_ready())
    story.sets(Network.NEW)
    story.executes()
    story.waits(minutes=6)
    assert owners(story) == []
    story.waits(days=4)

    assert owners(story) == [Owner.OURS]


def test_a_letter_that_takes_the_old_sim_out_without_a_net_is_ours() -> None:
    story = Story(line_row(handset=Handset.KEPT)).gets_the_kit()
    story.gets(Template.INSERT_SIM)
    story.waits(minutes=30)

    assert owners(story) == [Owner.OURS]


def test_a_letter_that_takes_the_old_sim_out_over_a_net_opens_no_gap() -> None:
    story = Story(line_row(handset=Handset.KEPT)).gets_the_kit()
    story.does(SetForward(Network.OLD, story.line.number, None, DESK, 1))
    story.gets(Template.INSERT_SIM)
    story.waits(minutes=30)

    assert owners(story) == []


def test_collecting_the_only_phone_is_ours() -> None:
    story = Story()
    story.does(Collect("p-1"))
    story.waits(days=20)

    assert owners(story) == [Owner.OURS]


def test_ending_an_old_line_before_its_replacement_works_is_ours() -> None:
    story = Story(line_row(ports=False))
    story.does(EndOldLine(story.line.number, Account("team-lead"), story.now))

    assert owners(story) == [Owner.OURS]


def line(at: datetime, answers: str, cause: dict[str, str], why: str = "", new_sim: str = "") -> dict[str, Any]:
    ways = {"old_phone": False, "new_sim": new_sim, "net": answers == "net"}
    return {
        "at": at.isoformat(),
        "line": LINE,
        "number": "+31620000001",
        "answers": answers,
        "why": why,
        "ways": ways,
        "cause": cause,
    }


def ported(seconds: int) -> GapReport:
    """A port that takes so long."""
    ends = MONDAY + timedelta(seconds=seconds)
    command = {"kind": "command", "what": "execute", "reference": "r", "iccid": SIM, "evidence_at": MONDAY.isoformat()}
    return gap_report(
        [
            line(MONDAY - HOUR, "handset", {"kind": "world", "what": "beginning"}, new_sim=SIM),
            line(MONDAY, "nothing", command, "a port is under way", SIM),
            line(ends, "handset", command, new_sim=SIM),
        ]
    )


@pytest.mark.parametrize(("seconds", "minutes"), [(240, 0), (900, 0), (960, 1), (1800, 15)])
def test_the_interruption_at_a_port_is_a_gap_only_beyond_its_bound(seconds: int, minutes: float) -> None:
    report = ported(seconds)

    assert report.port_interruption_seconds.max == seconds
    assert report.gap_minutes == {Owner.OURS: 0, Owner.UNFORESEEABLE: minutes, Owner.OTHERS: 0}


def test_an_act_after_its_last_moment_is_ours() -> None:
    story = Story(rates=Rates.calm(sim_dies=1)).is_ready()
    story.executes()
    late = [{**told, "cause": {**told["cause"], "not_after": MONDAY.isoformat()}} for told in story.log]
    late[-1]["at"] = story.now.isoformat()
    report = gap_report(late, ends=story.now + HOUR)

    assert [gap.owner for gap in report.gaps] == [Owner.OURS]


def test_an_open_gap_lasts_until_the_end() -> None:
    story = Story(rates=Rates.calm(early=1)).has_the_port_accepted()
    (gap,) = gap_report(story.log, ends=MONDAY + timedelta(days=10)).gaps

    assert gap.until == MONDAY + timedelta(days=10)
    assert gap.line == story.line.line
    assert gap.since.date() >= date(2027, 3, 2)


def test_acts_that_cannot_be_undone_stand_in_the_log() -> None:
    story = Story().is_ready()
    story.executes()
    (act,) = [told for told in story.log if "act" in told]

    assert act["act"] == "execute"
    assert set(act["cause"]) >= {"reference", "evidence_at", "not_after", "iccid"}
    assert DOSSIER not in str(act["cause"])
