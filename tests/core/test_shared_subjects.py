"""What lines share: kits and places go at a set time in a fixed order; a wave tells its lines how it stands."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest

from events.base import Account, LineId, SubjectId
from events.control import Party, PartyAnswers, PartySilent, ReportUnrouted, TimeCome
from events.messages import Role, SendMessage
from events.places import KitAsked, KitGranted, KitsDelivered, PlaceAsked, PlaceGranted, PlaceRefused, RosterFormed
from events.planning import LinePlanned, Slot, SlotAsked, SlotsAdded, WavePaused, WavePlanned, WaveStarted
from events.registry import AnyFact
from orchestrator import subjects
from orchestrator.decision import Because, Decision
from orchestrator.reasons import Reason
from orchestrator.shared import stock
from orchestrator.terms import Terms
from workers.scenario.given import _kits

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
TERMS = Terms(programme="gm")
SLOT = Slot(start=NOW + timedelta(days=20), end=NOW + timedelta(days=20, hours=2))


def after(subject: str, *facts: AnyFact) -> Decision:
    """The decision on the last of these facts."""
    return minutely(subject, *facts, minutes=0)


def minutely(subject: str, *facts: AnyFact, minutes: int = 1) -> Decision:
    """The decision on the last of these facts, so many minutes apart."""
    state, decision, now = subjects.fresh(SubjectId(subject)), Decision(), NOW
    for fact in facts:
        state = subjects.hear(state, fact, now, now=now)
        decision = subjects.decide(state, fact, now=now, terms=TERMS)
        state = subjects.apply(state, decision, now)
        now += timedelta(minutes=minutes)
    return decision


def line(number: int) -> LineId:
    return LineId(f"E-{number:04}-1")


def kit_asked(number: int) -> KitAsked:
    return KitAsked(line=line(number), attempt=1, with_handset=True, wanted_by=NOW)


def place_asked(number: int) -> PlaceAsked:
    return PlaceAsked(line=line(number), start=SLOT.start, end=SLOT.end)


ROUND = TimeCome(due=NOW)
FORMED = RosterFormed(title="first-aiders", members=10, share=0.3)
PLANNED = WavePlanned(title="one", lines=(line(1), line(2)), opens=NOW, slots=(SLOT,), per_slot=1)


def test_the_stock_grants_nothing_before_its_round() -> None:
    decision = after("K-main", KitsDelivered(kits=_kits(2)), kit_asked(1))

    assert decision.because[0].reason is Reason.WAITING_FOR_ROUND
    assert decision.tells == ()


def test_the_stock_grants_in_the_order_of_ids_whoever_asked_first() -> None:
    decision = after("K-main", KitsDelivered(kits=_kits(1)), kit_asked(2), kit_asked(1), ROUND)

    assert [tell.to for tell in decision.tells] == ["E-0001"]
    assert decision.because[0].reason is Reason.STOCK_EMPTY


def test_the_stock_grants_each_ask_once() -> None:
    decision = after("K-main", KitsDelivered(kits=_kits(2)), kit_asked(1), ROUND, kit_asked(1), ROUND)

    assert decision.tells == ()


def test_the_roster_spares_no_more_than_its_share() -> None:
    decision = after("R-bhv", FORMED, *(place_asked(n) for n in (5, 4, 3, 2, 1)), ROUND)

    granted = [tell.to for tell in decision.tells if isinstance(tell.fact, PlaceGranted)]
    refused = [tell.to for tell in decision.tells if isinstance(tell.fact, PlaceRefused)]
    assert granted == ["E-0001", "E-0002", "E-0003"]
    assert refused == ["E-0004", "E-0005"]


def test_a_small_roster_spares_at_least_one() -> None:
    formed = RosterFormed(title="pair", members=2, share=0.3)

    assert (
        len([t for t in after("R-pair", formed, place_asked(1), ROUND).tells if isinstance(t.fact, PlaceGranted)]) == 1
    )


@pytest.mark.parametrize("share", [math.inf, -math.inf, math.nan, 1e308, -0.3, 0.3])
@pytest.mark.parametrize("members", [10, 0, -5, 10**400])
def test_a_roster_of_any_numbers_answers_whoever_asks(members: int, share: float) -> None:
    formed = RosterFormed(title="odd", members=members, share=share)

    (tell,) = after("R-odd", formed, place_asked(1), ROUND).tells

    assert isinstance(tell.fact, PlaceGranted)


def test_a_share_that_is_no_number_is_known_again() -> None:
    formed = RosterFormed.model_validate_json('{"title": "odd", "members": 3, "share": "NaN"}')

    assert RosterFormed.model_validate_json(formed.model_dump_json()) == formed


def test_a_kit_that_was_delivered_twice_at_once_is_granted_once() -> None:
    kit, _alone = _kits(1)

    assert len(after("K-main", KitsDelivered(kits=(kit, kit)), kit_asked(1), kit_asked(2), ROUND).tells) == 1


def test_more_asks_than_one_record_of_the_journal_holds_are_granted_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stock, "MOST", 2)
    told = (KitsDelivered(kits=_kits(3)), kit_asked(3), kit_asked(2), kit_asked(1), ROUND)

    first, second = minutely("K-main", *told), minutely("K-main", *told, ROUND)

    assert [tell.to for tell in first.tells] == ["E-0001", "E-0002"]
    assert first.look_again_at == NOW + timedelta(minutes=len(told) - 1) + stock.SOON
    assert [tell.to for tell in second.tells] == ["E-0003"]


def test_an_ask_for_a_kit_that_comes_late_does_not_outdo_a_later_one() -> None:
    later = kit_asked(1).model_copy(update={"attempt": 2})

    (tell,) = after("K-main", KitsDelivered(kits=_kits(1)), later, kit_asked(1), ROUND).tells

    assert isinstance(tell.fact, KitGranted)
    assert tell.fact.attempt == later.attempt


def test_the_wave_tells_its_lines_once_that_it_runs() -> None:
    started = WaveStarted(by="els", why="ready")  # type: ignore[arg-type]

    assert [tell.to for tell in after("W-01", PLANNED, started).tells] == ["E-0001", "E-0002"]
    assert after("W-01", PLANNED, started, started).tells == ()


def test_a_line_that_joins_a_running_wave_is_told_alone_that_it_runs() -> None:
    started = WaveStarted(by=Account("els"), why="ready")
    wider = PLANNED.model_copy(update={"lines": (*PLANNED.lines, line(3))})

    assert [tell.to for tell in after("W-01", PLANNED, started, wider).tells] == ["E-0003"]
    assert after("W-01", PLANNED, started, wider, wider).tells == ()


def test_a_wave_planned_after_its_start_tells_its_lines_all_the_same() -> None:
    started = WaveStarted(by=Account("els"), why="ready")

    assert [tell.to for tell in after("W-01", started, PLANNED).tells] == ["E-0001", "E-0002"]


def test_a_wave_that_pauses_tells_all_its_lines_again() -> None:
    started = WaveStarted(by=Account("els"), why="ready")
    paused = WavePaused(by=Account("els"), why="carrier on strike")

    assert [tell.to for tell in minutely("W-01", PLANNED, started, paused).tells] == ["E-0001", "E-0002"]


def test_the_wave_gives_a_slot_no_more_often_than_it_may() -> None:
    asks = [SlotAsked(line=line(n), attempt=1, not_before=NOW) for n in (2, 1)]
    decision = after("W-01", PLANNED, *asks, ROUND)

    assert [tell.to for tell in decision.tells if isinstance(tell.fact, LinePlanned)] == ["E-0001"]
    assert Reason.NO_SLOT_LEFT in {because.reason for because in decision.because}


def test_slots_that_a_person_adds_are_handed_out_whether_or_not_the_plan_came_first() -> None:
    later = Slot(start=SLOT.start + timedelta(days=1), end=SLOT.end + timedelta(days=1))
    added = SlotsAdded(slots=(later, SLOT), by=Account("els"), why="none left")
    asks = [SlotAsked(line=line(n), attempt=1, not_before=NOW) for n in (2, 1)]

    orders: tuple[tuple[AnyFact, ...], ...] = ((PLANNED, *asks, added, added), (added, PLANNED, *asks))
    for facts in orders:
        given = [tell.fact for tell in after("W-01", *facts, ROUND).tells]
        assert [fact.slot for fact in given if isinstance(fact, LinePlanned)] == [SLOT, later]


def test_a_report_that_matches_nobody_is_a_task_at_once() -> None:
    decision = after("P-gm", ReportUnrouted(source="carrier", reference="1", kind="parcel"))

    assert [command.key for command in decision.commands] == ["gm/P-gm/task.route-report/1"]


def silent(party: Party = Party.CARRIER, *, since: datetime = NOW) -> PartySilent:
    return PartySilent(party=party, since=since)


def test_a_party_that_answers_nobody_is_one_task_of_ops_however_often_it_is_told() -> None:
    first = after("P-gm", silent())

    (task,) = first.commands
    assert isinstance(task, SendMessage)
    assert (task.key, task.to, task.details["about"]) == ("gm/P-gm/task.chase-party/1", Role.OPS, "carrier")
    assert [because.reason for because in first.because] == [Reason.PARTY_SILENT]
    assert after("P-gm", silent(), silent()).commands == ()


def test_a_party_that_falls_silent_again_after_it_answered_is_a_new_task() -> None:
    answers = PartyAnswers(party=Party.CARRIER)

    assert minutely("P-gm", silent(), answers).because == (Because(Reason.NOTHING_TO_DO),)
    again = minutely("P-gm", silent(), answers, silent())
    assert [command.key for command in again.commands] == ["gm/P-gm/task.chase-party/2"]


def test_two_silent_parties_are_two_tasks() -> None:
    decision = after("P-gm", silent(), silent(Party.POST))

    assert [command.key for command in decision.commands] == ["gm/P-gm/task.chase-party/2"]
    assert len(decision.because) == 2
