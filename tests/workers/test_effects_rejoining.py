"""A process to which no commands come ends, so that another start joins the group anew and reads from there."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass

import mode
import pytest

from workers.effects import running
from workers.effects.running import _ending_at_a_crash, _Rejoining
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


async def watched(*stations: Station, seconds: float) -> None:
    service = _Rejoining(stations, patience=0.5, longest=0.5)  # type: ignore[arg-type]  # it asks no more of a station
    await service.start()
    await asyncio.sleep(seconds)
    await service.stop()


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
    await watched(Station("porting"), Station("dispatch", left_out=True), seconds=1.4)

    assert End.ANEW in ended


async def test_a_kafka_that_is_away_is_waited_for(ended: list[int]) -> None:
    await watched(Station("porting", kafka_away=True), seconds=1.4)

    assert ended == []


async def test_a_process_to_which_commands_of_each_kind_come_goes_on(ended: list[int]) -> None:
    await watched(Station("porting"), Station("dispatch"), seconds=1.4)

    assert ended == []


async def test_a_process_that_is_behind_and_answers_one_after_the_other_goes_on(ended: list[int]) -> None:
    await watched(Station("porting", left_out=True, says=True), seconds=1.4)

    assert ended == []


async def test_a_round_may_take_as_long_as_its_longest_command(ended: list[int]) -> None:
    await watched(Station("porting", left_out=True, working=True), seconds=0.8)

    assert ended == []


async def test_a_round_that_takes_longer_than_any_command_ends_the_process(ended: list[int]) -> None:
    await watched(Station("porting", left_out=True, working=True), seconds=2)

    assert End.ANEW in ended


async def test_a_client_that_neither_answers_nor_fails_ends_the_process(
    ended: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "HANGS_SECONDS", 0.3)

    await watched(Station("porting", hangs=True), seconds=1.8)

    assert End.ANEW in ended
