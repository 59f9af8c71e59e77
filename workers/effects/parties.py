"""Everybody whom the effect workers can ask, put together once at the edge, and who of them a command is for."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, assert_never

from events.control import OutcomeUnknown
from events.cutover import (
    BookPort,
    ClearForward,
    EndOldLine,
    ExecutePort,
    RecallPort,
    SetForward,
    TestReachability,
)
from events.dispatch import CollectKit, ShipKit
from events.messages import SendMessage
from events.porting import AskPort, CancelPort, RebindPort, RequestPort
from events.registry import AnyFact
from events.sim import ActivateSim, BlockSim, ResetSim
from workers.effects import cutover, dispatch, messages, porting
from workers.effects.breaker import Act, Breakers
from workers.effects.messages import Writer
from workers.providers.ports import Carrier, Lines, NumberPorting, Post, SimDesk, Tester
from workers.runtime.clock import Clock

LONGEST_SECONDS: Final = 60.0
"""So long a command may take, all tries together. A kind's commands are counted off together and a rebalance waits for
them, so one counterpart that never lets go would hold up all the others, in every process of the group."""
CarryOut = Callable[[Act], Awaitable[AnyFact]]
"""One command in, one call out, one fact back."""


@dataclass(frozen=True, kw_only=True)
class Parties:
    """The counterparts, the writer of letters, and the clock that `not_after` is held against."""

    numbers: NumberPorting
    sims: SimDesk
    carrier: Carrier
    lines: Lines
    tester: Tester
    post: Post
    writer: Writer
    clock: Clock
    breakers: Breakers

    async def carry_out(self, command: Act) -> AnyFact:
        """The one whom this command is for has been asked, and this is what became true; or is left alone just now."""
        told_off = self.breakers.told_off(command)
        if told_off is not None:
            return told_off
        try:
            fact = await self._asked_in_bounds(command)
        except Exception:
            self.breakers.failed(command)
            raise
        self.breakers.heard(command, fact)
        return fact

    async def _asked_in_bounds(self, command: Act) -> AnyFact:
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                return await self.asked(command)
        except TimeoutError:  # it may have acted all the same
            return OutcomeUnknown(key=command.key, line=command.line)

    async def asked(self, command: Act) -> AnyFact:
        """As `carry_out`, with no breaker before it and no bound on how long it takes."""
        match command:
            case RequestPort() | AskPort() | CancelPort() | RebindPort():
                return await porting.carry_out(command, desk=self.numbers)
            case ShipKit() | CollectKit() | ActivateSim() | ResetSim() | BlockSim():
                return await dispatch.carry_out(command, carrier=self.carrier, sims=self.sims)
            case (
                SetForward()
                | ClearForward()
                | TestReachability()
                | ExecutePort()
                | BookPort()
                | RecallPort()
                | EndOldLine()
            ):
                return await cutover.carry_out(
                    command, desk=self.numbers, lines=self.lines, tester=self.tester, clock=self.clock
                )
            case SendMessage():
                return await messages.carry_out(command, post=self.post, writer=self.writer)
            case _:
                assert_never(command)
