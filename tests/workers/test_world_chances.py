"""Chances in the simulated world: the same seed gives the same outcome per line, whatever the order of things."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from events.base import Dossier, Iccid
from events.cutover import Medium, Network
from events.messages import Template
from events.outcomes import TaskKind
from events.planning import Slot
from tests.workers.small_world import DESK, DOSSIER, IMEI, MONDAY, SIM, chances, line_row, roster
from workers.providers.reports import Report
from workers.world import model
from workers.world.acts import (
    Act,
    Activate,
    Ask,
    Block,
    Book,
    Cancel,
    ClearForward,
    Collect,
    EndOldLine,
    Execute,
    Rebind,
    Recall,
    Request,
    Reset,
    Send,
    SetForward,
    Ship,
    Test,
)
from workers.world.chances import Rates
from workers.world.gaps import gap_report
from workers.world.hours import AMSTERDAM, WorkingHours, next_minute
from workers.world.line import LineWorld
from workers.world.setup import WorldSetup, beginning
from workers.world.truth import plain

NUMBER = line_row().number
OTHER = Iccid("8931440000000000025")
SLOT = Slot(start=MONDAY + timedelta(days=30), end=MONDAY + timedelta(days=30, hours=1))


def begun(*numbers: int) -> dict[str, LineWorld]:
    return beginning(WorldSetup.of(roster(*[line_row(number) for number in numbers]), seed=1))


def first_acts(line: LineWorld) -> list[Act]:
    return [
        Activate(SIM),
        Ship(SIM, IMEI, "p-1", "town hall"),
        Request(DOSSIER, line.number, SIM, "m-1"),
        SetForward(Network.OLD, line.number, None, DESK, 1),
        Send(Template.INVITATION, "p-1", "", (("slot_start", SLOT.start.isoformat()),)),
    ]


def lived(line: LineWorld, acts: list[Act], *, step: timedelta) -> LineWorld:
    for act in acts:
        line = model.act(line, act, f"gm/{line.line}/{act.name}/1", MONDAY, chances(Rates())).line
    for number in range(1, int(timedelta(days=40) / step) + 1):
        line = model.happen(line, MONDAY + number * step, chances(Rates())).line
    return line


def known(line: LineWorld) -> LineWorld:
    """The line without the order in which it was asked."""
    return line._replace(answered=tuple(sorted(line.answered, key=lambda each: each[0])))


def test_a_draw_belongs_to_its_seed_line_step_and_attempt() -> None:
    draws = {
        chances(seed=seed).draw(line, step, attempt)
        for seed in (1, 2)
        for line in ("E-1-1", "E-2-1")
        for step in ("a", "b")
        for attempt in ("1", "2")
    }

    assert len(draws) == 16
    assert all(0 <= draw < 1 for draw in draws)


def test_rates_are_met_over_many_lines() -> None:
    hits = Counter(chances().hits(0.05, f"E-{number:05d}-1", "blocked") for number in range(20_000))

    assert 0.045 < hits[True] / 20_000 < 0.055


@settings(max_examples=20)
@given(st.permutations(range(5)), st.sampled_from([1, 6, 24, 100]))
def test_neither_the_order_of_acts_nor_the_size_of_steps_changes_a_line(order: list[int], hours: int) -> None:
    (line,) = begun(1).values()
    acts = first_acts(line)

    assert known(lived(line, [acts[i] for i in order], step=timedelta(hours=hours))) == known(
        lived(line, acts, step=timedelta(hours=1))
    )


def test_a_line_does_not_depend_on_which_others_there_are() -> None:
    alone, among = begun(7)["E-0007-1"], begun(*range(1, 12))["E-0007-1"]

    assert alone == among
    assert (
        lived(alone, first_acts(alone), step=timedelta(days=1)).agenda
        == lived(among, first_acts(among), step=timedelta(days=1)).agenda
    )


def test_a_line_can_be_kept_in_a_set() -> None:
    (line,) = begun(1).values()

    assert len({line, lived(line, first_acts(line), step=timedelta(days=1)), line}) == 2


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS, st.floats(0.1, 60))
def test_working_hours_end_in_working_hours_at_a_whole_hour(at: datetime, hours: float) -> None:
    calendar = WorkingHours(frozenset({date(2027, 3, 29), date(2027, 4, 27)}))
    then = calendar.after(at, hours)
    local = then.astimezone(AMSTERDAM)

    assert then > at
    assert calendar.works_on(local.date())
    assert 8 <= local.hour <= 18
    assert local.minute == local.second == 0
    assert next_minute(then) == then


ACTS: list[Act] = [
    Activate(SIM),
    Activate(OTHER),
    Ship(SIM, IMEI, "p-1", "x"),
    Ship(OTHER, None, "p-1", "x"),
    Request(DOSSIER, NUMBER, SIM, "m"),
    Request(Dossier("NEW-OLD-2"), NUMBER, SIM, "m", early_termination=True),
    Ask(DOSSIER),
    Cancel(DOSSIER),
    Rebind(DOSSIER, OTHER),
    Execute(DOSSIER, SIM, SLOT.start, SLOT.end + timedelta(days=90)),
    Execute(DOSSIER, OTHER, SLOT.start, SLOT.end + timedelta(days=90)),
    Book(DOSSIER, SIM, SLOT),
    Recall(DOSSIER),
    Reset(SIM),
    Block(OTHER),
    Collect("p-1"),
    SetForward(Network.OLD, NUMBER, None, DESK, 1),
    SetForward(Network.NEW, NUMBER, SIM, DESK, 1),
    ClearForward(Network.OLD, NUMBER, None, 1, None, MONDAY),
    ClearForward(Network.NEW, NUMBER, SIM, 1, None, MONDAY),
    EndOldLine(NUMBER, "team-lead", MONDAY),  # type: ignore[arg-type]
    Test(SIM, NUMBER, Medium.VOICE, ("kpn",)),
    Test(OTHER, None, Medium.ATTACH, ("kpn",)),
    Send(Template.INSERT_SIM),
    Send(Template.INVITATION, details=(("slot_start", SLOT.start.isoformat()),)),
    *(Send(Template.TASK, task=f"E-0001-1/{kind}/1") for kind in TaskKind),
]
HARSH = Rates.calm(**{name: 0.3 for name, field in Rates.model_fields.items() if field.annotation is float})


@settings(max_examples=150)
@given(
    st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 90)), max_size=40),
    st.sampled_from(["new", "kept", "esim"]),
    st.sampled_from(["on_call", "booked"]),
)
def test_whatever_is_asked_in_whatever_order_the_world_answers_and_its_log_can_be_judged(
    asked: list[tuple[Act, int]], handset: str, execution: str
) -> None:
    setup = WorldSetup.of(roster(line_row(handset=handset, execution=execution)), seed=1)
    (line,) = beginning(setup).values()
    now = MONDAY
    log: list[dict[str, Any]] = []
    said: list[Report] = []
    for number, (act, hours) in enumerate(asked):
        now += timedelta(hours=hours)
        acted = model.act(line, act, f"gm/E-0001-1/x/{number}", now, chances(HARSH))
        line = acted.line
        log += [plain(line, told) for told in acted.truth]
        said += acted.reports
    rest = model.happen(line, now + timedelta(days=200), chances(HARSH))
    log += [plain(rest.line, told) for told in rest.truth]
    said += rest.reports

    assert len({report.id for report in said}) == len({report.model_dump_json() for report in said})
    assert model.due(rest.line) is None
    report = gap_report(log)
    assert all(gap.since <= gap.until for gap in report.gaps)
    assert sum(report.incidents.values()) == len(report.gaps)
