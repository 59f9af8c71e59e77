from __future__ import annotations

import asyncio

from events.base import LineId
from events.control import CommandDone, CommandLapsed, CommandWithdrawn, OutcomeUnknown, WithdrawalLate
from events.cutover import ForwardConfirmed, ReachabilityTested
from events.registry import AnyCommand, AnyFact
from tests import orders
from workers.effects.breaker import Act
from workers.effects.memory import Memory
from workers.effects.portions import SIDE_BY_SIDE, Portions, Taken

TARGET = orders.execute_port()
TAKING_BACK = orders.withdraw(TARGET.key)


class Floor:
    """Portions whose acts and answers are written down."""

    def __init__(self, fact: AnyFact | None = None) -> None:
        self.done: list[Act] = []
        self.answers: list[tuple[AnyCommand, AnyFact]] = []
        self.poison: Act | None = None
        self.most_at_once = 0
        self._at_once = 0
        self._fact = fact
        self.buried: list[tuple[AnyCommand, str]] = []
        self.portions = Portions(self._carry_out, say=self._say, bury=self._bury)

    async def _carry_out(self, command: Act) -> AnyFact:
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        await asyncio.sleep(0)
        self._at_once -= 1
        if command == self.poison:
            raise ZeroDivisionError
        self.done.append(command)
        return self._fact or CommandDone(key=command.key, line=command.line)

    async def _say(self, taken: Taken, fact: AnyFact, _began: float) -> None:
        self.answers.append((taken.said.message, fact))

    async def _bury(self, taken: Taken, error: Exception) -> None:
        self.buried.append((taken.said.message, type(error).__name__))

    async def work(self, *commands: AnyCommand, doubtful: bool = False) -> list[AnyFact]:
        before = len(self.answers)
        await self.portions.work([Taken(orders.said(command), doubtful=doubtful) for command in commands])
        return [fact for _, fact in self.answers[before:]]


async def test_a_command_at_which_our_code_fails_is_buried_and_the_others_are_carried_out() -> None:
    floor = Floor()
    poison, other = orders.ask_port(LineId("E-0001-1")), orders.ask_port(LineId("E-0002-1"))
    floor.poison = poison

    answers = await floor.work(poison, other)

    assert floor.buried == [(poison, "ZeroDivisionError")]
    assert answers == [
        OutcomeUnknown(key=poison.key, line=poison.line),
        CommandDone(key=other.key, line=other.line),
    ]


async def test_what_came_of_it_is_asked_for_again_under_the_same_key_while_nobody_knows() -> None:
    floor = Floor()
    floor.poison = command = orders.ask_port()
    assert await floor.work(command) == [OutcomeUnknown(key=command.key, line=command.line)]

    floor.poison = None

    assert await floor.work(command) == [CommandDone(key=command.key, line=command.line)]
    assert floor.done == [command]


async def test_within_a_line_in_order() -> None:
    floor = Floor()
    asks = [orders.ask_port(attempt=number) for number in range(20)]

    await floor.work(*asks)

    assert floor.done == asks
    assert floor.most_at_once == 1


async def test_lines_side_by_side_but_not_without_end() -> None:
    floor = Floor()

    await floor.work(*(orders.ask_port(LineId(f"E-{number:04d}-1")) for number in range(100)))

    assert len(floor.answers) == 100
    assert floor.most_at_once == SIDE_BY_SIDE


async def test_a_withdrawal_in_the_same_round_comes_before_its_target() -> None:
    floor = Floor()

    answers = await floor.work(TARGET, TAKING_BACK)

    assert floor.done == []
    assert answers == [CommandWithdrawn(key=TARGET.key, line=TARGET.line)] * 2


async def test_a_withdrawal_taken_earlier_holds_for_a_target_that_comes_later() -> None:
    floor = Floor()

    await floor.work(TAKING_BACK)
    answers = await floor.work(TARGET)

    assert floor.done == []
    assert answers == [CommandWithdrawn(key=TARGET.key, line=TARGET.line)]


async def test_a_withdrawal_after_the_act_is_late() -> None:
    floor = Floor()

    await floor.work(TARGET)
    answers = await floor.work(TAKING_BACK)

    assert answers == [WithdrawalLate(key=TARGET.key, line=TARGET.line)]


async def test_a_withdrawal_of_what_lapsed_finds_that_nothing_was_done() -> None:
    floor = Floor(CommandLapsed(key=TARGET.key, line=TARGET.line))

    await floor.work(TARGET)
    answers = await floor.work(TAKING_BACK)

    assert answers == [CommandWithdrawn(key=TARGET.key, line=TARGET.line)]


async def test_a_withdrawal_of_what_an_earlier_worker_took_up_is_late() -> None:
    assert await Floor().work(TAKING_BACK) == [WithdrawalLate(key=TARGET.key, line=TARGET.line)]


async def test_nothing_done_is_not_promised_where_an_earlier_worker_may_have_acted() -> None:
    floor = Floor()

    answers = await floor.work(TARGET, TAKING_BACK, doubtful=True)

    assert floor.done == []
    assert answers == [WithdrawalLate(key=TARGET.key, line=TARGET.line)] * 2


async def test_lapsed_is_not_said_where_an_earlier_worker_may_have_acted() -> None:
    floor = Floor(CommandLapsed(key=TARGET.key, line=TARGET.line))

    assert await floor.work(TARGET, doubtful=True) == [OutcomeUnknown(key=TARGET.key, line=TARGET.line)]


async def test_a_test_that_an_earlier_worker_may_have_made_proves_nothing_now() -> None:
    test = orders.try_line()
    answer = ReachabilityTested(
        key=test.key, line=test.line, iccid=test.iccid, number=test.number, medium=test.medium, sequence=1, heard=()
    )

    assert await Floor(answer).work(test, doubtful=True) == [OutcomeUnknown(key=test.key, line=test.line)]
    assert await Floor(answer).work(test) == [answer]


async def test_a_net_that_an_earlier_worker_may_have_set_may_be_lost_since() -> None:
    order = orders.set_forward()
    answer = ForwardConfirmed(
        key=order.key, line=order.line, network=order.network, target=order.target, generation=1, iccid=order.iccid
    )

    assert await Floor(answer).work(order, doubtful=True) == [OutcomeUnknown(key=order.key, line=order.line)]
    assert await Floor(answer).work(order) == [answer]


async def test_the_same_key_twice_is_one_act_and_one_answer_said_twice() -> None:
    floor = Floor()

    first = await floor.work(TARGET, TARGET)
    second = await floor.work(TARGET)

    assert floor.done == [TARGET]
    assert set(map(type, first + second)) == {CommandDone}


async def test_a_withdrawal_stops_nothing_but_its_target() -> None:
    floor = Floor()

    await floor.work(orders.set_forward(), TARGET, TAKING_BACK)

    assert floor.done == [orders.set_forward()]


def test_memory_forgets_the_oldest_first() -> None:
    memory = Memory(kept=2)
    for number in range(3):
        memory.remember(f"key-{number}", CommandDone(key=orders.key("x", number), line=orders.LINE))
        memory.take_back(f"key-{number}")

    assert [memory.answer(f"key-{number}") is None for number in range(3)] == [True, False, False]
    assert [memory.taken_back(f"key-{number}") for number in range(3)] == [False, True, True]
