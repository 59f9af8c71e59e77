"""One portion: the commands taken together, each line's in order, the lines side by side, withdrawals before all."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from events.base import Key
from events.control import CommandLapsed, CommandRefused, CommandWithdrawn, OutcomeUnknown, WithdrawalLate
from events.cutover import ForwardConfirmed, ReachabilityTested, Withdraw
from events.envelope import Said
from events.registry import AnyCommand, AnyFact
from workers.effects.breaker import Act
from workers.effects.memory import Memory
from workers.effects.parties import CarryOut
from workers.runtime.letters import Found

SIDE_BY_SIDE: Final = 32
"""Lines worked on at once in one process."""

NOTHING_DONE: Final = (CommandWithdrawn, CommandLapsed, CommandRefused)
AS_IT_WAS: Final = (CommandLapsed, ReachabilityTested, ForwardConfirmed)
"""Answers that a worker cannot give to a command that another may have carried out before it.

"Lapsed" promises that nothing was done, the others say how it is now. The counterpart answers the second as it answered
the first, and what was so then may be so no more.
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """A command off the topic."""

    said: Said[AnyCommand]
    doubtful: bool = False
    """Whether a worker before this one may have carried it out and died before its answer counted."""
    found: Found | None = None
    """The record as it was found; None where nobody asks for it."""


Say = Callable[[Taken, AnyFact, float], Awaitable[None]]
"""Delivers an answer to a command taken up at this `time.perf_counter`; returns when the broker has it."""


Bury = Callable[[Taken, Exception], Awaitable[None]]
"""Makes a dead letter of a command at which our own code failed; returns when the broker has it."""


class Portions:
    """Carries out portions of commands, with what this process remembers between them."""

    def __init__(self, carry_out: CarryOut, *, say: Say, bury: Bury, memory: Memory | None = None) -> None:
        self._carry_out = carry_out
        self._say = say
        self._bury = bury
        self._memory = memory or Memory()
        self._places = asyncio.Semaphore(SIDE_BY_SIDE)

    async def work(self, taken: Iterable[Taken]) -> None:
        """Every one of these commands is answered, and the answers are on the broker."""
        commands = list(taken)
        waiting = {one.said.message.key: one for one in commands}
        for one in commands:
            if isinstance(one.said.message, Withdraw):
                self._memory.take_back(one.said.message.target)
        async with asyncio.TaskGroup() as lines:
            for of_line in _by_line(commands):
                lines.create_task(self._in_order(of_line, waiting))

    async def _in_order(self, of_line: list[Taken], waiting: dict[Key, Taken]) -> None:
        async with self._places:
            for one in of_line:
                began = time.perf_counter()
                fact = await self._answer_to(one, waiting)
                if not isinstance(fact, OutcomeUnknown):  # else it would never be asked for again under its key
                    self._memory.remember(one.said.message.key, fact)
                await self._say(one, fact, began)

    async def _answer_to(self, one: Taken, waiting: dict[Key, Taken]) -> AnyFact:
        command = one.said.message
        if before := self._memory.answer(command.key):
            return before
        if isinstance(command, Withdraw):
            return self._withdraw(command, waiting)
        if self._memory.taken_back(command.key):
            return _taken_back(command.key, one)
        return _as_far_as_known(await self._carried_out(one, command), command, doubtful=one.doubtful)

    async def _carried_out(self, one: Taken, command: Act) -> AnyFact:
        """What became true; where our own code fails at it, nobody knows how far it came, and the flow goes on."""
        try:
            return await self._carry_out(command)
        except Exception as error:  # noqa: BLE001 - one command must hold up one subject, not a whole kind of worker
            await self._bury(one, error)
            return OutcomeUnknown(key=command.key, line=command.line)

    def _withdraw(self, command: Withdraw, waiting: dict[Key, Taken]) -> AnyFact:
        target = Key(command.target)
        if answered := self._memory.answer(target):
            answer = CommandWithdrawn if isinstance(answered, NOTHING_DONE) else WithdrawalLate
            return answer(key=target, line=command.line)
        if target in waiting:
            return _taken_back(target, waiting[target])
        # Commands come before their withdrawal, so an earlier worker took this one up.
        return WithdrawalLate(key=target, line=command.line)


def _by_line(commands: list[Taken]) -> list[list[Taken]]:
    # The sort is stable: within a line the order of the topic stays.
    ordered = sorted(commands, key=_line)
    return [list(of_line) for _, of_line in groupby(ordered, key=_line)]


def _line(one: Taken) -> str:
    return one.said.message.line


def _taken_back(key: Key, one: Taken) -> CommandWithdrawn | WithdrawalLate:
    answer = WithdrawalLate if one.doubtful else CommandWithdrawn
    return answer(key=key, line=one.said.message.line)


def _as_far_as_known(fact: AnyFact, command: Act, *, doubtful: bool) -> AnyFact:
    if doubtful and isinstance(fact, AS_IT_WAS):
        return OutcomeUnknown(key=command.key, line=command.line)
    return fact
