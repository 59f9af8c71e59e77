from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from events.base import Dossier, Message
from events.control import CommandDone, CommandLapsed, CommandRefused, OutcomeUnknown
from events.cutover import ForwardCleared, ForwardConfirmed, Leg, OldLineEnded, ReachabilityTested
from events.dispatch import ParcelAnnounced, ReturnAnnounced
from events.messages import MessageSent
from events.porting import PortBooked, PortExecuting, PortInvalid, PortRecalled, PortSubmitted, PortTold
from events.registry import COMMAND_TYPES, AnyFact
from events.sim import SimActivated, SimReset
from tests import orders
from tests.fakes import FakeClock, FakeWorld, FakeWriter
from workers.effects import parties
from workers.effects.asking import TRIES
from workers.effects.breaker import Act, Breakers
from workers.effects.parties import Parties
from workers.providers.ports import NoAnswer, PortStatus, Refused
from workers.runtime.settings import Settings

ACTS: list[tuple[Act, str, type[Message]]] = [
    (orders.request_port(), "request", PortSubmitted),
    (orders.ask_port(), "ask", PortTold),
    (orders.cancel_port(), "cancel", CommandDone),
    (orders.rebind_port(), "rebind", CommandDone),
    (orders.ship_kit(), "ship", ParcelAnnounced),
    (orders.collect_kit(), "collect", ReturnAnnounced),
    (orders.activate_sim(), "activate", SimActivated),
    (orders.reset_sim(), "reset", SimReset),
    (orders.block_sim(), "block", CommandDone),
    (orders.set_forward(), "set_forward", ForwardConfirmed),
    (orders.clear_forward(), "clear_forward", ForwardCleared),
    (orders.try_line(), "test", ReachabilityTested),
    (orders.execute_port(), "execute", PortExecuting),
    (orders.book_port(), "book", PortBooked),
    (orders.recall_port(), "recall", PortRecalled),
    (orders.end_old_line(), "end_old_line", OldLineEnded),
    (orders.send_message(), "send", MessageSent),
]
NAMES = [call for _, call, _ in ACTS]
IRREVERSIBLE: list[Act] = [
    orders.execute_port(),
    orders.book_port(),
    orders.clear_forward(),
    orders.end_old_line(),
]


async def carried_out(command: Act, world: FakeWorld, clock: FakeClock | None = None) -> AnyFact:
    clock = clock or FakeClock(orders.NOW)
    asked = Parties(
        numbers=world,
        sims=world,
        carrier=world,
        lines=world,
        tester=world,
        post=world,
        writer=FakeWriter(),
        clock=clock,
        breakers=Breakers(clock),
    )
    return await asked.carry_out(command)


def test_every_command_but_the_withdrawal_stands_in_these_examples() -> None:
    tried = {command.type for command, _, _ in ACTS}

    assert set(COMMAND_TYPES) - tried == {orders.withdraw(orders.key("port")).type}


@pytest.mark.parametrize(("command", "call", "fact"), ACTS, ids=NAMES)
async def test_one_call_under_the_business_key_and_one_fact_back(command: Act, call: str, fact: type[Message]) -> None:
    world = FakeWorld()

    answer = await carried_out(command, world)

    assert world.asked == [(call, command.key)]
    assert isinstance(answer, fact)


@pytest.mark.parametrize(("command", "call", "__"), ACTS, ids=NAMES)
async def test_a_no_is_a_fact_and_not_tried_again(command: Act, call: str, __: type[Message]) -> None:
    world = FakeWorld().will(Refused("E07", "x" * 300))

    answer = await carried_out(command, world)

    assert isinstance(answer, PortInvalid if call == "request" else CommandRefused)
    assert answer.code == "E07"
    assert len(answer.note) == 100
    assert world.calls() == [call]


@pytest.mark.parametrize(("command", "call", "__"), ACTS, ids=NAMES)
async def test_silence_is_asked_once_more_under_the_same_key_and_then_said_as_it_is(
    command: Act, call: str, __: type[Message]
) -> None:
    world = FakeWorld().will(NoAnswer(), NoAnswer())

    answer = await carried_out(command, world)

    assert answer == OutcomeUnknown(key=command.key, line=command.line)
    assert world.asked == [(call, command.key)] * 2


@pytest.mark.parametrize(("command", "call", "fact"), ACTS, ids=NAMES)
async def test_an_answer_at_the_second_ask_is_as_good(command: Act, call: str, fact: type[Message]) -> None:
    world = FakeWorld().will(NoAnswer(), None)

    answer = await carried_out(command, world)

    assert isinstance(answer, fact)
    assert world.asked == [(call, command.key)] * 2


def test_two_silences_of_the_world_and_a_little_more_fit_into_what_a_command_may_take() -> None:
    assert TRIES * Settings.model_fields["world_answer_seconds"].default < 0.9 * parties.LONGEST_SECONDS


async def test_mail_sent_again_after_silence_counts_as_maybe_twice() -> None:
    answer = await carried_out(orders.send_message(), FakeWorld().will(NoAnswer(), None))

    assert isinstance(answer, MessageSent)
    assert answer.maybe_twice


@pytest.mark.parametrize("command", IRREVERSIBLE, ids=lambda command: command.type)
async def test_what_cannot_be_undone_is_left_undone_from_not_after_on(command: Act) -> None:
    world = FakeWorld()

    answer = await carried_out(command, world, FakeClock(orders.NOT_AFTER))

    assert answer == CommandLapsed(key=command.key, line=command.line)
    assert world.asked == []


@pytest.mark.parametrize("command", IRREVERSIBLE, ids=lambda command: command.type)
async def test_up_to_not_after_it_is_done(command: Act) -> None:
    world = FakeWorld()

    await carried_out(command, world, FakeClock(orders.NOT_AFTER - timedelta(microseconds=1)))

    assert len(world.asked) == 1


class _TimePassesWhileAsked(FakeWorld):
    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self._clock = clock

    def _ask(self, name: str, reference: str) -> None:
        super()._ask(name, reference)
        self._clock.at = orders.NOT_AFTER
        raise NoAnswer


@pytest.mark.parametrize("command", IRREVERSIBLE, ids=lambda command: command.type)
async def test_a_silence_past_not_after_is_neither_tried_again_nor_called_lapsed(command: Act) -> None:
    clock = FakeClock(orders.NOW)
    world = _TimePassesWhileAsked(clock)

    answer = await carried_out(command, world, clock)

    assert isinstance(answer, OutcomeUnknown)
    assert len(world.asked) == 1


async def test_the_test_says_which_leg_answered_each_network() -> None:
    answer = await carried_out(orders.try_line(), FakeWorld())

    assert isinstance(answer, ReachabilityTested)
    assert [(heard.origin, heard.leg) for heard in answer.heard] == [("kpn", Leg.HANDSET), ("odido", Leg.HANDSET)]


async def test_what_the_person_had_as_forward_before_is_noted() -> None:
    answer = await carried_out(orders.set_forward(), FakeWorld(before=orders.NUMBER))

    assert isinstance(answer, ForwardConfirmed)
    assert answer.before == orders.NUMBER


class Holding(FakeWorld):
    """A porting desk that takes the call and never lets go."""

    async def ask(self, dossier: Dossier, *, reference: str) -> PortStatus:
        await asyncio.Event().wait()
        return await super().ask(dossier, reference=reference)


async def test_who_never_lets_go_is_let_go_of_and_nobody_knows_the_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parties, "LONGEST_SECONDS", 0.02)

    answer = await carried_out(orders.ask_port(), Holding())

    assert answer == OutcomeUnknown(key=orders.ask_port().key, line=orders.ask_port().line)
