"""Whole programmes, from the import to the last line: nobody is cut off by us, forgotten, or moved twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from events.base import LineId, SubjectId
from events.enrolment import Execution, Handset
from events.outcomes import Owner
from orchestrator.record import Holder
from tests.simulation.in_process import Programme
from tests.simulation.law import Law
from tests.simulation.promises import Promises
from tests.simulation.troubles import Fate
from tests.simulation.watching import Watch
from tests.simulation.wishes import Wishes
from workers.world.chances import Rates
from workers.world.gaps import GapReport

SEEDS: Final = (1, 2, 3)
MANY_SEEDS: Final = range(13, 21)
AGAIN_AND_AGAIN: Final = 25
"""So often the same task of one line is opened at most, in a world in which much goes wrong."""
HOT: Final = 400
"""So many decisions one holder takes at most, and `EACH_KIT` more per kit; the happy path takes some sixty."""
EACH_KIT: Final = 60


class Run:
    """A run that is over, and what is asked of it."""

    def __init__(self, wishes: Wishes, *, fate: Fate | None = None) -> None:
        self.watch = Watch()
        self.law = Law()
        self.promises = Promises()
        looking_on = [self.watch.decided, self.law.look_on, self.promises.look_on, *([fate.look_on] if fate else [])]
        with TemporaryDirectory() as folder:
            self.programme = Programme(Path(folder), wishes, meddle=looking_on)
            asyncio.run(self.programme.run(self.watch.stepped))
            self.gaps: GapReport = self.programme.gaps()
            self.truths = self.programme.truths()

    def held_without_a_task(self) -> list[LineId]:
        return [line for line in self.programme.unfinished() if not self.programme.tally.open_tasks[line]]

    def ended_by_notice(self) -> set[str]:
        return {line["line"] for line in self.truths if line.get("act") == "end-old-line"}

    def with_the_net_left_up(self) -> list[LineId]:
        """Lines that are done and whose number there still is, with our forward on the new network."""
        done = [line for line, how in self.programme.tally.over.items() if how == "done"]
        there = [line for line in done if self.programme.line(line).port.deactivated_at is None]
        return [line for line in there if self.programme.world.line(line).new_forward.target is not None]

    def hot(self) -> list[SubjectId]:
        """Holders with too many decisions, unless nobody does tasks: then what is open is looked at for months."""
        if self.programme.wishes.policy == "none":
            return []
        decisions = self.programme.tally.decisions
        return [subject for subject, count in decisions.items() if count > HOT + EACH_KIT * self._kits(subject)]

    def _kits(self, subject: SubjectId) -> float:
        """How many kits this holder asked for; another subject may take as many decisions as it likes."""
        state = self.programme.states[subject]
        return sum(line.kit.asks for line in state.lines.values()) if isinstance(state, Holder) else float("inf")

    def must_hold(self) -> None:
        """What no run may break, whatever the world and the people in it do."""
        tally, porting = self.programme.tally, {line.line for line in self.programme.roster.lines if line.ports}
        assert self.gaps.gap_minutes[Owner.OURS] == 0, [gap for gap in self.gaps.gaps if gap.owner is Owner.OURS]
        assert sum(self.programme.world.counts()["done_twice"].values()) == 0
        assert self.ended_by_notice() & porting == set()
        assert self.programme.io.refusals["request", "dossier_open"] == 0
        assert self.watch.seen() == []
        assert self.law.broken == []
        assert self.promises.broken == []
        assert self.held_without_a_task() == []
        assert self.with_the_net_left_up() == []
        assert {line for line, _ in tally.open_incidents if line in tally.over and not tally.open_tasks[line]} == set()
        assert [worst for worst in tally.tasks.most_common(1) if worst[1] > AGAIN_AND_AGAIN] == []
        assert self.hot() == []


@cache
def ran(seed: int) -> Run:
    return Run(Wishes(employees=60, seed=seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_line_is_done_or_ended_or_a_named_person_has_its_task(seed: int) -> None:
    run = ran(seed)

    assert run.held_without_a_task() == []
    assert len(run.programme.unfinished()) <= 0.03 * len(run.programme.roster.lines)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_minute_without_a_working_line_is_ours(seed: int) -> None:
    assert ran(seed).gaps.gap_minutes[Owner.OURS] == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_done_twice(seed: int) -> None:
    assert sum(ran(seed).programme.world.counts()["done_twice"].values()) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_a_line_whose_number_ports_is_never_ended_by_notice(seed: int) -> None:
    run = ran(seed)

    assert run.ended_by_notice() & {line.line for line in run.programme.roster.lines if line.ports} == set()
    assert run.ended_by_notice() != set()


@pytest.mark.parametrize("seed", SEEDS)
def test_no_number_has_two_open_dossiers(seed: int) -> None:
    assert ran(seed).programme.io.refusals["request", "dossier_open"] == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_forgotten_at_any_step(seed: int) -> None:
    assert ran(seed).watch.seen() == []


@pytest.mark.parametrize("seed", SEEDS)
def test_every_report_finds_its_line(seed: int) -> None:
    assert ran(seed).programme.tally.unrouted == Counter()


@pytest.mark.parametrize("seed", SEEDS)
def test_no_net_is_left_up_and_no_incident_open_on_a_line_that_is_over(seed: int) -> None:
    run = ran(seed)

    assert run.with_the_net_left_up() == []
    assert run.programme.tally.open_incidents == set()


def test_the_same_seed_gives_the_same_outcomes() -> None:
    one, other = ran(1).programme.tally, Run(Wishes(employees=60, seed=1)).programme.tally

    assert (one.over, one.tasks, one.steps) == (other.over, other.tasks, other.steps)


def test_whatever_crosses_contradicts_and_stops_a_line_cuts_nobody_off_by_us() -> None:
    Run(Wishes(employees=60, seed=1), fate=Fate(1, share=0.8)).must_hold()


# The long sweep.


def times(rates: Rates, factor: float) -> Rates:
    """All that goes wrong goes wrong so many times as often."""
    kept = {"reset_mends", "death_told", "noticed", "own_forward"}
    shares = ((name, share) for name, share in rates.model_dump().items() if isinstance(share, float))
    return rates.model_copy(update={name: min(1.0, share * factor) for name, share in shares if name not in kept})


R: Final = Rates()
WORLDS: Final[dict[str, Wishes]] = {
    "default": Wishes(),
    "five times": Wishes(rates=times(R, 5)),
    "ten times": Wishes(rates=times(R, 10)),
    "nobody does tasks": Wishes(policy="none"),
    "one phone": Wishes(handset=Handset.KEPT, rates=times(R, 5)),
    "eSIM": Wishes(handset=Handset.ESIM, rates=times(R, 5)),
    "booked": Wishes(execution=Execution.BOOKED, rates=times(R, 5)),
    "booked, one phone": Wishes(execution=Execution.BOOKED, handset=Handset.KEPT, rates=times(R, 5)),
    "no answers": Wishes(deaf=0.2, rates=times(R, 2)),
    "forwards lost": Wishes(rates=R.model_copy(update={"forward_lost": 0.05})),
    "forwards lost, booked, one phone": Wishes(
        execution=Execution.BOOKED, handset=Handset.KEPT, rates=R.model_copy(update={"forward_lost": 0.05})
    ),
    "twice": Wishes(twice=True, rates=times(R, 3)),
    "shuffled": Wishes(shuffled=True, rates=times(R, 3)),
    "all early": Wishes(rates=R.model_copy(update={"early": 1.0})),
    "SIMs die": Wishes(rates=R.model_copy(update={"sim_dies": 1.0})),
    "SIMs die, one phone": Wishes(handset=Handset.KEPT, rates=R.model_copy(update={"sim_dies": 1.0})),
    "SIMs die, booked, one phone": Wishes(
        execution=Execution.BOOKED, handset=Handset.KEPT, rates=R.model_copy(update={"sim_dies": 1.0})
    ),
    "dates far off": Wishes(rates=R.model_copy(update={"first_possible_days": (30, 75)})),
    "SIMs mute": Wishes(rates=R.model_copy(update={"sim_mute": 0.5})),
}


@pytest.mark.long
@pytest.mark.parametrize("seed", MANY_SEEDS)
@pytest.mark.parametrize("world", WORLDS)
def test_in_every_world(world: str, seed: int) -> None:
    Run(replace(WORLDS[world], employees=300, seed=seed)).must_hold()


@pytest.mark.long
@pytest.mark.parametrize("seed", MANY_SEEDS)
@pytest.mark.parametrize("world", WORLDS)
def test_in_every_world_with_trouble(world: str, seed: int) -> None:
    Run(replace(WORLDS[world], employees=100, seed=seed), fate=Fate(seed, share=0.8)).must_hold()
