"""A party that answers nobody is left alone for a while, asked once, and come back to one after the other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import get_args

import pytest

from events.base import Dossier, LineId
from events.control import CommandLapsed, OutcomeUnknown, Party, PartyAnswers, PartySilent
from events.porting import PortTold
from events.registry import AnyFact
from tests import orders
from tests.fakes import FakeClock, FakeWorld, FakeWriter
from workers.contracts.samples import sample
from workers.effects.breaker import Act, Breakers, Patience, party_of
from workers.effects.parties import Parties
from workers.effects.running import _needs
from workers.providers.ports import NoAnswer, PortStatus
from workers.runtime.metrics import BREAKER_STATES, name_worker, shown

PATIENCE = Patience(silences=3, pause=timedelta(minutes=5), resumed_per_minute=2)


class Deaf(FakeWorld):
    """A porting desk that answers when it likes to."""

    answers = False
    heard = 0

    async def ask(self, dossier: Dossier, *, reference: str) -> PortStatus:
        self.heard += 1
        if not self.answers:
            raise NoAnswer
        return await super().ask(dossier, reference=reference)


class Hall:
    """Parties with their breakers, and commands for lines of their own."""

    def __init__(self) -> None:
        self.clock = FakeClock(orders.NOW)
        self.world = Deaf()
        self.breakers = Breakers(self.clock, PATIENCE)
        world = self.world
        self.parties = Parties(
            numbers=world, sims=world, carrier=world, lines=world, tester=world, post=world,
            writer=FakeWriter(), clock=self.clock, breakers=self.breakers,
        )  # fmt: skip
        self._lines = 0

    async def ask(self, times: int = 1) -> AnyFact:
        for _ in range(times):
            self._lines += 1
            fact = await self.parties.carry_out(orders.ask_port(LineId(f"E-{self._lines:04d}-1")))
        return fact

    def pass_(self, minutes: float) -> datetime:
        self.clock.at += timedelta(minutes=minutes)
        return self.clock.now()


@pytest.fixture
def hall() -> Hall:
    return Hall()


async def test_a_few_silences_are_asked_for_as_ever(hall: Hall) -> None:
    fact = await hall.ask(times=2)

    assert isinstance(fact, OutcomeUnknown)
    assert fact.again_at is None
    assert list(hall.breakers.news()) == []


async def test_after_so_many_it_is_left_alone_and_the_programme_is_told_once(hall: Hall) -> None:
    since = hall.clock.now()
    await hall.ask(times=3)
    asked = hall.world.heard

    fact = await hall.ask(times=5)

    assert hall.world.heard == asked
    assert isinstance(fact, OutcomeUnknown)
    assert list(hall.breakers.news()) == [PartySilent(party=Party.PORTING_DESK, since=since)]


async def test_those_who_were_told_off_come_back_one_after_the_other(hall: Hall) -> None:
    await hall.ask(times=3)
    back = hall.clock.now() + PATIENCE.pause

    times = [fact.again_at for _ in range(4) if isinstance(fact := await hall.ask(), OutcomeUnknown)]

    assert times == [back + timedelta(seconds=30 * number) for number in range(1, 5)]


async def test_after_the_pause_one_is_asked_and_the_others_wait_for_its_answer(hall: Hall) -> None:
    await hall.ask(times=3)
    hall.pass_(minutes=5)
    before = hall.world.heard

    await hall.ask(times=3)

    assert hall.world.heard == before + 2  # one command, tried twice
    assert hall.breakers.of(Party.PORTING_DESK).state == "open"


async def test_each_pause_is_twice_the_last_up_to_an_hour(hall: Hall) -> None:
    await hall.ask(times=3)
    pauses = []
    for _ in range(6):
        opened = hall.clock.now()
        while hall.breakers.of(Party.PORTING_DESK).state == "open":
            hall.pass_(minutes=1)
        pauses.append((hall.clock.now() - opened) // timedelta(minutes=1))
        await hall.ask()

    assert pauses == [5, 10, 20, 40, 60, 60]


async def test_an_answer_ends_it_and_is_told(hall: Hall) -> None:
    await hall.ask(times=3)
    list(hall.breakers.news())
    hall.world.answers = True
    hall.pass_(minutes=5)

    assert isinstance(await hall.ask(), PortTold)
    assert isinstance(await hall.ask(), PortTold)
    assert list(hall.breakers.news()) == [PartyAnswers(party=Party.PORTING_DESK)]


async def test_who_answers_first_after_a_start_is_told_since_the_process_before_may_have_told_its_silence(
    hall: Hall,
) -> None:
    hall.world.answers = True

    await hall.ask(times=3)

    assert list(hall.breakers.news()) == [PartyAnswers(party=Party.PORTING_DESK)]


async def test_those_who_are_told_off_after_a_longer_pause_began_are_counted_anew(hall: Hall) -> None:
    await hall.ask(times=6)
    hall.pass_(minutes=5)
    await hall.ask()
    back = hall.clock.now() + 2 * PATIENCE.pause

    times = [fact.again_at for _ in range(2) if isinstance(fact := await hall.ask(), OutcomeUnknown)]

    assert times == [back + timedelta(seconds=30 * number) for number in (1, 2)]


async def test_what_cannot_be_undone_was_not_done_and_says_so(hall: Hall) -> None:
    await hall.ask(times=3)
    command = orders.execute_port()

    assert await hall.parties.carry_out(command) == CommandLapsed(key=command.key, line=command.line)


async def test_a_recall_is_always_tried(hall: Hall) -> None:
    await hall.ask(times=3)

    assert not isinstance(await hall.parties.carry_out(orders.recall_port()), OutcomeUnknown)


async def test_another_party_is_asked_as_ever(hall: Hall) -> None:
    await hall.ask(times=3)

    assert not isinstance(await hall.parties.carry_out(orders.ship_kit()), OutcomeUnknown)


async def test_where_our_own_code_fails_the_next_one_is_asked(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    await hall.ask(times=3)
    hall.pass_(minutes=5)
    with monkeypatch.context() as flawed:
        flawed.setattr(hall.world, "ask", None)
        with pytest.raises(TypeError):
            await hall.ask()
    before = hall.world.heard

    await hall.ask()

    assert hall.world.heard > before


def test_every_party_is_asked_for_something() -> None:
    assert {party_of(sample(kind)) for kind in get_args(Act)} == set(Party)  # type: ignore[arg-type]


async def test_whoever_looks_sees_a_breaker_as_it_is_by_now_and_not_as_it_was_when_somebody_asked() -> None:
    hall = Hall()
    await hall.ask(PATIENCE.silences)
    assert hall.breakers.states() == {Party.PORTING_DESK: "open"}

    hall.pass_(5)
    assert hall.breakers.states() == {Party.PORTING_DESK: "half-open"}

    hall.world.answers = True
    await hall.ask()
    assert hall.breakers.states() == {Party.PORTING_DESK: "closed"}


async def test_the_metric_and_the_readiness_follow_the_breakers_of_the_moment() -> None:
    name_worker("breakers-of-the-moment")
    hall = Hall()
    await hall.ask(PATIENCE.silences)

    assert _needs([], hall.breakers)["counterpart"] is False
    assert shown("naadloos_breaker_state", "provider") == {"porting-desk": BREAKER_STATES.index("open")}
    hall.pass_(5)
    assert _needs([], hall.breakers)["counterpart"] is True
    assert shown("naadloos_breaker_state", "provider") == {"porting-desk": BREAKER_STATES.index("half-open")}
    name_worker("")
