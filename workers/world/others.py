"""What other parties do to a line unasked, as changes of the world alone: whoever wants to tell of it does so apart."""

from collections.abc import Callable
from typing import Final

from events.cutover import Network
from events.porting import PortState
from workers.world.line import Health, LineWorld

Change = Callable[[LineWorld], LineWorld]


def without_new_kit(line: LineWorld) -> LineWorld:
    """The new phone with its SIM is gone from the person's hands, or the kit on its way there."""
    sims = tuple(sim._replace(in_phone=False, attached=False) for sim in line.sims)
    return line._replace(sims=sims, in_hand="", parcels=tuple(parcel._replace(lost=True) for parcel in line.parcels))


def with_sim_blocked(line: LineWorld) -> LineWorld:
    """The provider blocks the SIM in the person's hands."""
    sim = line.sim(line.in_hand)
    if sim is None:
        return line
    return line.with_sim(sim._replace(health=Health.BLOCKED, active=False, attached=False))


def with_sim_dead(line: LineWorld) -> LineWorld:
    """The SIM in the person's hands stops working, and nobody tells (gate rule 15)."""
    sim = line.sim(line.in_hand)
    if sim is None or sim.health is not Health.FINE:
        return line
    return line.with_sim(sim._replace(health=Health.DEAD, attached=False))


def with_forward_lost(line: LineWorld) -> LineWorld:
    """The network that serves the number loses our forward, and nobody tells."""
    return line.with_forward(line.served, line.forward(line.served)._replace(target=None))


def deactivated(line: LineWorld) -> LineWorld:
    """The number goes back to its range holder: nobody serves it any more."""
    dossiers = tuple(port._replace(state=PortState.RETURNED) for port in line.dossiers)
    return line._replace(old_alive=False, bound="", dossiers=dossiers, interrupted_by=None)


def ported_back(line: LineWorld) -> LineWorld:
    """The number is on the old network again, without our forward."""
    dossiers = tuple(
        port._replace(state=PortState.REVERSED) if port.state is PortState.PERFORMED else port for port in line.dossiers
    )
    return line._replace(served=Network.OLD, old_alive=True, bound="", dossiers=dossiers)


def with_kit_elsewhere(line: LineWorld) -> LineWorld:
    """Somebody else has the phone with the new SIM, and the person has theirs: two kits were mixed up."""
    sim = line.sim(line.in_hand)
    return line if sim is None else line.with_sim(sim._replace(elsewhere=True))._replace(in_hand="")


BY_OTHERS: Final[dict[str, Change]] = {
    "handset-lost": without_new_kit,
    "sim-blocked": with_sim_blocked,
    "sim-dies": with_sim_dead,
    "forward-lost": with_forward_lost,
    "number-deactivated": deactivated,
    "ported-back": ported_back,
    "kits-swapped": with_kit_elsewhere,
}
"""By the name under which the truth log has it as a cause."""
