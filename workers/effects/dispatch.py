"""Dispatch: kits sent and fetched back by the carrier, SIMs made active, set up again or blocked by the SIM desk."""

from typing import assert_never

from events.control import CommandDone
from events.dispatch import CollectKit, ParcelAnnounced, ReturnAnnounced, ShipKit
from events.registry import AnyFact, DispatchCommand
from events.sim import ActivateSim, BlockSim, ResetSim, SimActivated, SimReset
from workers.effects.asking import asked
from workers.providers.ports import Carrier, SimDesk


async def carry_out(command: DispatchCommand, *, carrier: Carrier, sims: SimDesk) -> AnyFact:
    """The carrier or the SIM desk has been asked, and this is what became true. Safe to repeat under the same key."""
    match command:
        case ShipKit():
            return await _ship(command, carrier)
        case CollectKit():
            return await _collect(command, carrier)
        case ActivateSim():
            return await _activate(command, sims)
        case ResetSim():
            return await _reset(command, sims)
        case BlockSim():
            return await _block(command, sims)
        case _:
            assert_never(command)


async def _ship(command: ShipKit, carrier: Carrier) -> AnyFact:
    async def act() -> ParcelAnnounced:
        barcode = await carrier.ship(
            iccid=command.iccid,
            imei=command.imei,
            to=command.to or "",
            site=command.site,
            reference=command.key,
        )
        return ParcelAnnounced(key=command.key, line=command.line, barcode=barcode)

    return await asked(command, act)


async def _collect(command: CollectKit, carrier: Carrier) -> AnyFact:
    async def act() -> ReturnAnnounced:
        await carrier.collect(to=command.to or "", iccid=command.iccid, reference=command.key)
        return ReturnAnnounced(key=command.key, line=command.line)

    return await asked(command, act)


async def _activate(command: ActivateSim, sims: SimDesk) -> AnyFact:
    async def act() -> SimActivated:
        number = await sims.activate(command.iccid, reference=command.key)
        return SimActivated(key=command.key, line=command.line, iccid=command.iccid, temporary_number=number)

    return await asked(command, act)


async def _reset(command: ResetSim, sims: SimDesk) -> AnyFact:
    async def act() -> SimReset:
        await sims.reset(command.iccid, reference=command.key)
        return SimReset(key=command.key, line=command.line, iccid=command.iccid)

    return await asked(command, act)


async def _block(command: BlockSim, sims: SimDesk) -> AnyFact:
    async def act() -> CommandDone:
        # That the SIM is blocked is the network's to say; here it is only known that the desk took the order.
        await sims.block(command.iccid, reference=command.key)
        return CommandDone(key=command.key, line=command.line)

    return await asked(command, act)
