"""Porting: what the new provider's porting desk is asked."""

from typing import assert_never

from events.control import CommandDone, CommandRefused, OutcomeUnknown
from events.porting import AskPort, CancelPort, PortInvalid, PortSubmitted, PortTold, RebindPort, RequestPort
from events.registry import AnyFact, PortingCommand
from workers.effects.asking import asked
from workers.providers.ports import NumberPorting


async def carry_out(command: PortingCommand, *, desk: NumberPorting) -> AnyFact:
    """The desk has been asked, and this is what became true. Safe to repeat: the key makes it one request."""
    match command:
        case RequestPort():
            return await _request(command, desk)
        case AskPort():
            return await _ask(command, desk)
        case CancelPort():
            return await _cancel(command, desk)
        case RebindPort():
            return await _rebind(command, desk)
        case _:
            assert_never(command)


async def _request(command: RequestPort, desk: NumberPorting) -> AnyFact:
    async def act() -> PortSubmitted:
        await desk.request(
            command.dossier,
            number=command.number,
            iccid=command.iccid,
            mandate=command.mandate,
            early_termination=command.early_termination,
            reference=command.key,
        )
        return PortSubmitted(key=command.key, line=command.line, dossier=command.dossier)

    fact = await asked(command, act)
    return _invalid(command, fact) if isinstance(fact, CommandRefused) else fact


def _invalid(command: RequestPort, no: CommandRefused) -> PortInvalid:
    # A request refused on sight opened no dossier: the line needs other data, not another try (S11).
    return PortInvalid(key=no.key, line=no.line, dossier=command.dossier, code=no.code, note=no.note)


async def _ask(command: AskPort, desk: NumberPorting) -> PortTold | CommandRefused | OutcomeUnknown:
    async def act() -> PortTold:
        told = await desk.ask(command.dossier, reference=command.key)
        return PortTold(
            key=command.key,
            line=command.line,
            dossier=command.dossier,
            state=told.state,
            since=told.since,
            iccid=told.iccid,
            first_possible=told.first_possible,
            due=told.due,
            runs_at=told.runs_at,
            recall_until=told.recall_until,
            code=told.code,
            note=told.note,
        )

    return await asked(command, act)


async def _cancel(command: CancelPort, desk: NumberPorting) -> CommandDone | CommandRefused | OutcomeUnknown:
    async def act() -> CommandDone:
        await desk.cancel(command.dossier, reference=command.key)
        return CommandDone(key=command.key, line=command.line)

    return await asked(command, act)


async def _rebind(command: RebindPort, desk: NumberPorting) -> CommandDone | CommandRefused | OutcomeUnknown:
    async def act() -> CommandDone:
        await desk.rebind(command.dossier, iccid=command.iccid, reference=command.key)
        return CommandDone(key=command.key, line=command.line)

    return await asked(command, act)
