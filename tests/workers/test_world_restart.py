"""A simulated world that was killed: it is rebuilt from its store, says what nobody confirmed, and logs truth once."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic_core import to_json

from events.cutover import Network
from tests.workers.small_world import DESK, DOSSIER, IMEI, MONDAY, SIM, line_row, roster
from workers.world.acts import Act, Activate, Request, SetForward, Ship
from workers.world.chances import Rates
from workers.world.server import World
from workers.world.setup import WaveOpening, WorldSetup

NUMBERS = range(1, 6)
WAVE = WaveOpening.model_validate({"wave": "W-1", "opens": MONDAY + timedelta(days=2)})


def setup(directory: Path) -> None:
    rows = [line_row(number) for number in NUMBERS]
    WorldSetup.of(roster(*rows), seed=7, rates=Rates(), waves=[WAVE]).save(directory)


def ask(world: World, number: int, act: Act, at: datetime) -> None:
    line = f"E-{number:04d}-1"
    world.act(act.name, to_json(act), reference=f"gm/{line}/{act.name}/1", line=line, at=at)


async def live(world: World, *, days: int = 12, tell: Callable[[], None] = lambda: None) -> None:
    """Every line gets its kit, its port and its net; all that follows happens."""
    for number in NUMBERS:
        phone = line_row(number).number
        net = SetForward(Network.OLD, phone, None, DESK, 1)
        acts = (Activate(SIM), Ship(SIM, IMEI, "p-1", "town hall"), Request(DOSSIER, phone, SIM, "m-1"), net)
        for act in acts:
            ask(world, number, act, MONDAY)
            tell()
    while (due := world.next_due()) is not None and due < MONDAY + timedelta(days=days):
        await world.release(due)
        tell()


async def test_a_restarted_world_is_the_world_that_it_was(tmp_path: Path) -> None:
    setup(tmp_path)
    before = World(tmp_path)
    await live(before)
    truth = (tmp_path / "truth.jsonl").read_bytes()
    after = World(tmp_path)

    for number in NUMBERS:
        assert after.line(f"E-{number:04d}-1") == before.line(f"E-{number:04d}-1")
    assert after.next_due() == before.next_due()
    assert after.counts() == before.counts()
    assert after.unacknowledged() == before.unacknowledged()
    assert (tmp_path / "truth.jsonl").read_bytes() == truth


async def test_what_was_acknowledged_is_not_said_again(tmp_path: Path) -> None:
    setup(tmp_path)
    before = World(tmp_path)
    await live(before)
    said = before.unacknowledged()
    before.acknowledge([report.id for report in said[:-2]])
    before.close()

    assert World(tmp_path).unacknowledged() == said[-2:]


async def test_truth_that_was_cut_short_is_completed(tmp_path: Path) -> None:
    setup(tmp_path)
    world = World(tmp_path)
    await live(world)
    world.close()
    log = tmp_path / "truth.jsonl"
    whole = log.read_bytes()
    log.write_bytes(whole[: len(whole) - 40])
    World(tmp_path).close()

    assert log.read_bytes() == whole


async def test_a_release_gives_reports_by_time_and_line(tmp_path: Path) -> None:
    setup(tmp_path)
    world = World(tmp_path)
    await live(world, days=0)
    said = await world.release(MONDAY + timedelta(days=12))

    assert said
    assert [report.at for report in said] == sorted(report.at for report in said)
    assert said == world.unacknowledged()
    assert any(report.source == "people" and report.at == WAVE.opens for report in said)


KILLED = """
import asyncio, sys
from pathlib import Path
from tests.workers.test_world_restart import live
from workers.world.server import World

world = World(Path(sys.argv[1]))
asyncio.run(live(world, tell=lambda: print("step", flush=True)))
"""


@pytest.mark.parametrize("steps", [1, 13, 30])
def test_a_kill_at_any_moment_loses_nothing_and_doubles_nothing(tmp_path: Path, steps: int) -> None:
    setup(tmp_path / "killed")
    command = [sys.executable, "-c", KILLED, str(tmp_path / "killed")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(steps)] == ["step\n"] * steps
        process.kill()
    setup(tmp_path / "whole")
    whole, again = World(tmp_path / "whole"), World(tmp_path / "killed")
    asyncio.run(live(whole))
    asyncio.run(live(again))

    for number in NUMBERS:
        assert again.line(f"E-{number:04d}-1") == whole.line(f"E-{number:04d}-1")
    assert again.unacknowledged() == whole.unacknowledged()
    logs = [(tmp_path / name / "truth.jsonl").read_text(encoding="utf-8") for name in ("killed", "whole")]
    assert logs[0] == logs[1]
    assert all(json.loads(line)["line"] for line in logs[0].splitlines())
