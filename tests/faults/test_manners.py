"""Counterparts with bad manners: slow, late, or gone before they answered. What they were asked is done once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from events.base import Dossier
from events.messages import Template
from tests.workers.small_world import LINE, MONDAY, SIM, chances, roster
from workers.providers.ports import Letter, NoAnswer, Refused
from workers.providers.simulated import SimulatedWorld
from workers.runtime.clock import SteppedClock
from workers.world.chances import Rates
from workers.world.manners import AT_ONCE, Manner, Manners
from workers.world.server import Door, World, serve
from workers.world.setup import WorldSetup
from workers.world.sims import temporary_number

KEY = f"gm/{LINE}/activate/1"


@asynccontextmanager
async def provider(folder: Path, manners: Manners) -> AsyncIterator[tuple[World, SimulatedWorld]]:
    """A world with these manners, and a worker that waits a fifth of a second for its answers."""
    setup = WorldSetup.of(roster(), seed=1, rates=Rates.calm())
    setup.model_copy(update={"manners": manners}).save(folder)
    clock = SteppedClock(folder / "clock")
    clock.set(MONDAY)
    world = World(folder)
    runner = await serve(Door(world, clock), port=0)
    host, port = runner.addresses[0][:2]
    try:
        async with SimulatedWorld(f"http://{host}:{port}", answer_seconds=0.2, pause=0.01) as adapter:
            yield world, adapter
    finally:
        await runner.cleanup()
        world.close()


async def test_a_slow_answer_is_an_answer(tmp_path: Path) -> None:
    async with provider(tmp_path, Manners(slow=1, slow_seconds=(0.01, 0.02))) as (world, adapter):
        assert await adapter.activate(SIM, reference=KEY) == temporary_number(SIM)
        assert world.counts()["repeated"] == {}


async def test_an_answer_after_the_time_out_is_none_and_comes_at_once_when_asked_again(tmp_path: Path) -> None:
    async with provider(tmp_path, Manners(late=1, late_seconds=0.5)) as (world, adapter):
        with pytest.raises(NoAnswer):
            await adapter.activate(SIM, reference=KEY)

        assert await adapter.activate(SIM, reference=KEY) == temporary_number(SIM)
        assert (world.counts()["done"], world.counts()["repeated"]) == ({"activate": 1}, {"activate": 1})


async def test_who_hangs_up_after_acting_is_asked_again_and_acts_no_more(tmp_path: Path) -> None:
    async with provider(tmp_path, Manners(broken_off=1)) as (world, adapter):
        assert await adapter.activate(SIM, reference=KEY) == temporary_number(SIM)
        assert (world.counts()["done"], world.counts()["repeated"]) == ({"activate": 1}, {"activate": 1})


async def test_who_hangs_up_instead_of_refusing_refuses_when_asked_again(tmp_path: Path) -> None:
    async with provider(tmp_path, Manners(broken_off=1)) as (world, adapter):
        with pytest.raises(Refused):
            await adapter.recall(Dossier("NL-GM-0001"), reference=f"gm/{LINE}/recall/1")

        assert (world.counts()["refused"], world.counts()["repeated"]) == ({"recall": 1}, {"recall": 1})


async def test_who_hangs_up_on_a_letter_to_nobody_of_a_line_takes_it_when_asked_again(tmp_path: Path) -> None:
    async with provider(tmp_path, Manners(broken_off=1)) as (_, adapter):
        assert await adapter.send(Letter("gm/W-01/letter/1", Template.INVITATION, "W-01", "", "", "")) is False


def test_manners_are_drawn_per_line_and_step_in_whatever_order() -> None:
    manners, drawn = Manners(slow=0.3, late=0.3, broken_off=0.3), chances()
    asked = [(f"E-{n:04d}-1", f"gm/E-{n:04d}-1/{effect}/1") for n in range(60) for effect in ("ship", "test")]

    there = {one: manners.towards(*one, drawn) for one in asked}

    assert {one: manners.towards(*one, drawn) for one in reversed(asked)} == there
    kinds = set(there.values())
    assert {AT_ONCE, Manner(breaks_off=True), Manner(manners.late_seconds)} < kinds
    low, high = manners.slow_seconds
    assert any(low <= one.seconds < high for one in kinds - {AT_ONCE})
    assert manners.towards("E-0001-1", "gm/E-0001-1/ship/1", drawn) == manners.towards(
        "E-0001-1", "another-programme/E-0001-1/ship/1", drawn
    )


def test_everybody_is_polite_unless_asked_otherwise() -> None:
    assert {Manners().towards(LINE, f"gm/{LINE}/ship/{n}", chances()) for n in range(100)} == {AT_ONCE}
