"""The law of irreversible acts held against the world's truth as well: what was said of it may have been wrong."""

from collections.abc import Iterator
from dataclasses import dataclass

from events.cutover import BookPort, ClearForward, ExecutePort, Network
from events.enrolment import Handset
from workers.promises.law import Ordered
from workers.world.line import Health, LineWorld


@dataclass(frozen=True)
class InTruth(Ordered):
    """A command at the moment at which it was ordered: what was known of its line, and what was true."""

    world: LineWorld

    def _nets(self) -> Iterator[str]:
        """The net stands on both networks: in truth, but for one that the network lost without a word yet."""
        yield from super()._nets()
        for network in Network:
            known = self.line.nets.get(network)
            if known is not None and known.stands() and known.generation != self.world.forward(network).generation:
                yield f"the net on the {network} network is another one"

    def _booking(self, command: BookPort) -> Iterator[str]:
        yield from super()._booking(command)
        if not self._gone_unheard(command.iccid):
            yield from self._in_hand(command.iccid)
            if self.world.handset is Handset.NEW:
                yield from self._works(command.iccid)

    def _proof(self, command: ExecutePort) -> Iterator[str]:
        yield from super()._proof(command)
        if not self._gone_unheard(command.iccid):
            yield from self._in_hand(command.iccid)
            yield from self._works(command.iccid)

    def _gone_unheard(self, iccid: str) -> bool:
        """Whether the kit is out of the person's hands, and no word of it came yet: that is nobody's fault."""
        known = self._known(iccid)
        return not self.world.in_hand and known is not None and known.lost_at is None

    def _in_hand(self, iccid: str) -> Iterator[str]:
        if self.world.in_hand != iccid:
            yield "another SIM is in the person's hands"

    def _works(self, iccid: str) -> Iterator[str]:
        """A SIM that died or was blocked since its test, without a word yet, is nobody's fault."""
        sim = self.world.sim(iccid)
        if sim is None or (sim.health is Health.FINE and not (sim.active and sim.attached)):
            yield "the SIM does not work"

    def _clear(self, command: ClearForward) -> Iterator[str]:
        yield from super()._clear(command)
        moved = self.world.served is Network.NEW
        rings = self.world.bound if moved else self.world.old_in_phone and self.world.old_alive
        if not rings and not self._taken_unheard():
            yield "nothing would answer without the net"

    def _taken_unheard(self) -> bool:
        """Whether others took the number from where it moved to, and no word of that came: it is nobody's fault."""
        port = self.line.port
        if self.world.served is Network.NEW:
            return not self.world.bound and port.deactivated_at is None
        return port.performed_at is not None and (port.reversed_at is None or port.reversed_at < port.performed_at)
