"""The programme hears of a party's silence and of its answers; in the log only the silence is a warning."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

from events.codec import decode_fact
from events.control import Party, PartyAnswers, PartySilent
from tests import orders
from tests.fakes import FakeClock, FakeWorld, FakeWriter
from workers.effects import agents
from workers.effects.agents import Station
from workers.effects.breaker import Breakers, Patience
from workers.effects.parties import Parties
from workers.runtime.settings import Settings

SILENT = PartySilent(party=Party.CARRIER, since=orders.NOW)
ANSWERS = PartyAnswers(party=Party.CARRIER)


class Told:
    """A station whose messages are kept here; its carrier is left alone after one silence."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.facts: list[object] = []
        self.clock = FakeClock(orders.NOW)
        self.breakers = Breakers(self.clock, Patience(silences=1, pause=timedelta(minutes=5)))
        world = FakeWorld()
        parties = Parties(
            numbers=world, sims=world, carrier=world, lines=world, tester=world, post=world,
            writer=FakeWriter(), clock=self.clock, breakers=self.breakers,
        )  # fmt: skip
        monkeypatch.setattr(Station, "_send", self._keep)
        monkeypatch.setattr(agents, "log", structlog.get_logger())
        self.station = Station("dispatch", Settings(state_dir=folder), parties=parties)

    async def _keep(self, _topic: object, *, value: bytes, **_: object) -> None:
        self.facts.append(decode_fact(value).message)

    async def levels(self) -> list[str]:
        """The levels at which what is new of the parties stands in the log."""
        with capture_logs() as lines:
            await self.station.tell_of_parties()
        return [line["log_level"] for line in lines if line["event"] == "party"]


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    return Told(tmp_path, monkeypatch)


async def test_who_answers_at_a_start_is_no_warning(told: Told) -> None:
    told.breakers.of(Party.CARRIER).answered()

    assert await told.levels() == ["info"]
    assert told.facts == [ANSWERS]


async def test_a_silence_is_a_warning_and_its_end_is_none(told: Told) -> None:
    told.breakers.of(Party.CARRIER).silent()
    told.clock.at += timedelta(minutes=5)
    told.breakers.of(Party.CARRIER).answered()

    assert await told.levels() == ["warning", "info"]
    assert told.facts == [SILENT, ANSWERS]
