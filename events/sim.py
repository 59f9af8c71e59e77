"""A SIM's life: active in the provider's books, attached to the network, and reached by a call are three facts."""

from typing import Literal

from events.base import Answer, Command, Iccid, LineFact, Msisdn


class SimActivated(Answer):
    """The provider's books say this SIM is active, on this temporary number."""

    type: Literal["nl.naadloos.sim.activated.v1"] = "nl.naadloos.sim.activated.v1"
    iccid: Iccid
    temporary_number: Msisdn | None = None


class SimAttached(LineFact):
    """The network saw this SIM attach."""

    type: Literal["nl.naadloos.sim.attached.v1"] = "nl.naadloos.sim.attached.v1"
    iccid: Iccid


class SimDetached(LineFact):
    """The network lost this SIM."""

    type: Literal["nl.naadloos.sim.detached.v1"] = "nl.naadloos.sim.detached.v1"
    iccid: Iccid


class SimFailed(LineFact):
    """This SIM or profile does not work (`scenarios/S24.yaml`, `scenarios/S25.yaml`)."""

    type: Literal["nl.naadloos.sim.failed.v1"] = "nl.naadloos.sim.failed.v1"
    iccid: Iccid
    why: str


class SimBlocked(LineFact):
    """The provider blocked this SIM, at our request or by its own doing."""

    type: Literal["nl.naadloos.sim.blocked.v1"] = "nl.naadloos.sim.blocked.v1"
    iccid: Iccid
    asked: bool  # whether we asked for it


class SimReset(Answer):
    """The provider set the SIM or profile up again: it can be activated anew under the same ICCID."""

    type: Literal["nl.naadloos.sim.reset.v1"] = "nl.naadloos.sim.reset.v1"
    iccid: Iccid


class ActivateSim(Command):
    """Make this SIM active on a temporary number."""

    type: Literal["nl.naadloos.sim.activate.v1"] = "nl.naadloos.sim.activate.v1"
    iccid: Iccid


class ResetSim(Command):
    """Set this SIM or profile up again."""

    type: Literal["nl.naadloos.sim.reset-asked.v1"] = "nl.naadloos.sim.reset-asked.v1"
    iccid: Iccid


class BlockSim(Command):
    """Block this lost SIM, so that nobody else can use it."""

    type: Literal["nl.naadloos.sim.block.v1"] = "nl.naadloos.sim.block.v1"
    iccid: Iccid


SimFact = SimActivated | SimAttached | SimDetached | SimFailed | SimBlocked | SimReset
