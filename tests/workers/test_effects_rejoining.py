"""A process to which no partition comes ends, so that another start joins the group anew."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from typing import Any

import pytest

from workers.effects.agents import MUST_LOOK
from workers.effects.running import _Rejoining


@dataclass
class Desk:
    kind: str
    has_partitions: bool


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    codes: list[int] = []
    monkeypatch.setattr(os, "_exit", codes.append)
    return codes


async def watched(*desks: Any, seconds: float) -> None:
    service = _Rejoining(desks, patience=0.5)
    await service.start()
    await asyncio.sleep(seconds)
    await service.stop()


async def test_a_kind_that_was_left_out_ends_the_process(ended: list[int]) -> None:
    await watched(Desk("porting", has_partitions=True), Desk("dispatch", has_partitions=False), seconds=1.4)

    assert MUST_LOOK in ended


async def test_a_process_with_partitions_of_each_kind_goes_on(ended: list[int]) -> None:
    await watched(Desk("porting", has_partitions=True), Desk("dispatch", has_partitions=True), seconds=1.4)

    assert ended == []
