"""A process to which no commands come ends, so that another start joins the group anew and reads from there."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass

import mode
import pytest

from workers.effects import running
from workers.effects.parties import LONGEST_SECONDS
from workers.effects.running import IDLE_SECONDS, _ending_at_a_crash, _Rejoining
from workers.runtime.ends import End


@dataclass
class Station:
    kind: str
    left_out: bool = False
    kafka_away: bool = False
    hangs: bool = False
    working: bool = False
    says: bool = False
    said: int = 0

    async def behind(self) -> bool:
        self.said += self.says
        if self.kafka_away:
            raise OSError
        if self.hangs:
            await asyncio.Event().wait()
        return self.left_out


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    codes: list[int] = []
    monkeypatch.setattr(os, "_exit", codes.append)
    return codes


async def watched(*stations: Station, seconds: float, started: float = 0) -> None:
    """Made at 0 of its clock and started some seconds later, it looks at these stations then and after so many more."""
    times = [0.0]
    service = _Rejoining(stations, clock=lambda: times[-1])  # type: ignore[arg-type]  # it asks no more of a station
    times.append(started)
    async with service:
        await service.look()
        times.append(started + seconds)
        await service.look()


class Falls(mode.Service):
    @mode.Service.task
    async def _fall(self) -> None:
        raise ValueError


async def test_a_part_that_crashes_ends_the_process(ended: list[int]) -> None:
    falls = Falls()
    await falls.start()

    await asyncio.wait_for(_ending_at_a_crash([falls], every=0.01), 10)

    assert ended == [End.ANEW]


async def test_a_kind_that_was_left_out_ends_the_process(ended: list[int]) -> None:
    await watched(Station("porting"), Station("dispatch", left_out=True), seconds=IDLE_SECONDS + 1)

    assert ended == [End.ANEW]


async def test_a_kind_that_was_left_out_for_a_while_is_waited_for(ended: list[int]) -> None:
    await watched(Station("dispatch", left_out=True), seconds=IDLE_SECONDS)

    assert ended == []


async def test_a_start_that_waited_for_others_does_not_count(ended: list[int]) -> None:
    await watched(Station("dispatch", left_out=True), started=IDLE_SECONDS + 5, seconds=2)

    assert ended == []


async def test_a_kafka_that_is_away_is_waited_for(ended: list[int]) -> None:
    await watched(Station("porting", kafka_away=True), seconds=IDLE_SECONDS + 1)

    assert ended == []


async def test_a_process_to_which_commands_of_each_kind_come_goes_on(ended: list[int]) -> None:
    await watched(Station("porting"), Station("dispatch"), seconds=IDLE_SECONDS + 1)

    assert ended == []


async def test_a_process_that_is_behind_and_answers_one_after_the_other_goes_on(ended: list[int]) -> None:
    await watched(Station("porting", left_out=True, says=True), seconds=IDLE_SECONDS + 1)

    assert ended == []


async def test_a_round_may_take_as_long_as_its_longest_command(ended: list[int]) -> None:
    await watched(Station("porting", left_out=True, working=True), seconds=LONGEST_SECONDS + IDLE_SECONDS)

    assert ended == []


async def test_a_round_that_takes_longer_than_any_command_ends_the_process(ended: list[int]) -> None:
    await watched(Station("porting", left_out=True, working=True), seconds=LONGEST_SECONDS + IDLE_SECONDS + 1)

    assert ended == [End.ANEW]


async def test_a_client_that_neither_answers_nor_fails_ends_the_process(
    ended: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "HANGS_SECONDS", 0)

    await watched(Station("porting", hangs=True), seconds=IDLE_SECONDS + 1)

    assert ended == [End.ANEW]
