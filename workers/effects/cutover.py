"""The cut-over: forwards, tests, the port itself, and the end of an old line that does not port."""

from typing import assert_never

from events.cutover import (
    BookPort,
    ClearForward,
    EndOldLine,
    ExecutePort,
    ForwardCleared,
    ForwardConfirmed,
    OldLineEnded,
    ReachabilityTested,
    RecallPort,
    SetForward,
    TestReachability,
)
from events.porting import PortBooked, PortExecuting, PortRecalled
from events.registry import AnyFact
from workers.effects.asking import asked, asked_in_time
from workers.providers.ports import Lines, NumberPorting, Tester
from workers.runtime.clock import Clock

CutoverAct = SetForward | ClearForward | TestReachability | ExecutePort | BookPort | RecallPort | EndOldLine
"""What is carried out; `Withdraw` carries nothing out and is answered by `workers.effects.portions`."""


async def carry_out(command: CutoverAct, *, desk: NumberPorting, lines: Lines, tester: Tester, clock: Clock) -> AnyFact:
    """The counterpart has been asked, and this is what became true; what cannot be undone only before `not_after`."""
    match command:
        case SetForward():
            return await _set_forward(command, lines)
        case TestReachability():
            return await _test(command, tester)
        case RecallPort():
            return await _recall(command, desk)
        case ExecutePort() | BookPort() | ClearForward() | EndOldLine():
            return await _carry_out_in_time(command, desk=desk, lines=lines, clock=clock)
        case _:
            assert_never(command)


async def _carry_out_in_time(
    command: ExecutePort | BookPort | ClearForward | EndOldLine, *, desk: NumberPorting, lines: Lines, clock: Clock
) -> AnyFact:
    match command:
        case ExecutePort():
            return await _execute(command, desk, clock)
        case BookPort():
            return await _book(command, desk, clock)
        case ClearForward():
            return await _clear_forward(command, lines, clock)
        case EndOldLine():
            return await _end(command, lines, clock)
        case _:
            assert_never(command)


async def _set_forward(command: SetForward, lines: Lines) -> AnyFact:
    async def act() -> ForwardConfirmed:
        before = await lines.set_forward(
            command.network,
            number=command.number,
            iccid=command.iccid,
            target=command.target,
            generation=command.generation,
            reference=command.key,
        )
        return ForwardConfirmed(
            key=command.key,
            line=command.line,
            network=command.network,
            target=command.target,
            generation=command.generation,
            iccid=command.iccid,
            before=before,
        )

    return await asked(command, act)


async def _clear_forward(command: ClearForward, lines: Lines, clock: Clock) -> AnyFact:
    async def act() -> ForwardCleared:
        await lines.clear_forward(
            command.network,
            number=command.number,
            iccid=command.iccid,
            generation=command.generation,
            restore=command.restore,
            evidence_at=command.evidence_at,
            reference=command.key,
        )
        return ForwardCleared(
            key=command.key, line=command.line, network=command.network, generation=command.generation
        )

    return await asked_in_time(command, act, clock=clock)


async def _test(command: TestReachability, tester: Tester) -> AnyFact:
    async def act() -> ReachabilityTested:
        heard = await tester.test(
            iccid=command.iccid,
            number=command.number,
            medium=command.medium,
            origins=command.origins,
            reference=command.key,
        )
        return ReachabilityTested(
            key=command.key,
            line=command.line,
            iccid=command.iccid,
            number=command.number,
            medium=command.medium,
            sequence=command.sequence,
            heard=heard,
        )

    return await asked(command, act)


async def _execute(command: ExecutePort, desk: NumberPorting, clock: Clock) -> AnyFact:
    async def act() -> PortExecuting:
        await desk.execute(
            command.dossier,
            iccid=command.iccid,
            evidence_at=command.evidence_at,
            not_after=command.not_after,
            reference=command.key,
        )
        return PortExecuting(key=command.key, line=command.line, dossier=command.dossier)

    return await asked_in_time(command, act, clock=clock)


async def _book(command: BookPort, desk: NumberPorting, clock: Clock) -> AnyFact:
    async def act() -> PortBooked:
        booking = await desk.book(command.dossier, iccid=command.iccid, slot=command.slot, reference=command.key)
        return PortBooked(
            key=command.key,
            line=command.line,
            dossier=command.dossier,
            runs_at=booking.runs_at,
            recall_until=booking.recall_until,
        )

    return await asked_in_time(command, act, clock=clock)


async def _recall(command: RecallPort, desk: NumberPorting) -> AnyFact:
    async def act() -> PortRecalled:
        await desk.recall(command.dossier, reference=command.key)
        return PortRecalled(key=command.key, line=command.line, dossier=command.dossier)

    return await asked(command, act)


async def _end(command: EndOldLine, lines: Lines, clock: Clock) -> AnyFact:
    async def act() -> OldLineEnded:
        await lines.end_old_line(
            command.number,
            approved_by=command.approved_by,
            evidence_at=command.evidence_at,
            reference=command.key,
        )
        return OldLineEnded(line=command.line)

    return await asked_in_time(command, act, clock=clock)
