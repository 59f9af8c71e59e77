"""Line settings on both networks: forwards, the end of an old line, and test calls from other networks."""

from datetime import datetime, timedelta

from events.base import Msisdn
from events.cutover import Heard, Leg, Network
from workers.providers.reports import ForwardReport
from workers.world.acts import DONE, Answer, ClearForward, EndOldLine, SetForward, Test, refused
from workers.world.chances import Chances
from workers.world.hours import next_hour
from workers.world.line import Forward, Happening, LineWorld, Step, Turn
from workers.world.sims import after_test
from workers.world.truth import leg_of

VOICEMAIL = Msisdn("+31881234567")
LOST_WITHIN_HOURS = 72


def own_forward(line: str, chances: Chances) -> Forward:
    """What a person had set before we came: now and then voicemail."""
    return Forward(own=VOICEMAIL if chances.hits(chances.rates.own_forward, line, "own-forward") else None)


def _unserved(line: LineWorld, network: Network, number: str) -> Answer | None:
    if number != line.number:
        return refused("unknown_number")
    if network is Network.OLD and not line.old_alive:
        return refused("no_such_line", "the old line is over")
    return None


def set_forward(line: LineWorld, act: SetForward, at: datetime, chances: Chances) -> tuple[LineWorld, Answer]:
    """The forward is set, and what the person had before is told. A forward of a newer generation stays."""
    if no := _unserved(line, act.network, act.number):
        return line, no
    sim = line.sim(act.iccid or "")
    if act.network is Network.NEW and (sim is None or not sim.active):
        return line, refused("sim_not_active")
    forward = line.forward(act.network)
    if act.generation < forward.generation:
        return line, refused("stale")
    line = line.with_forward(act.network, forward._replace(target=act.target, generation=act.generation, set_at=at))
    resource = f"{act.network}/{act.generation}"
    if chances.hits(chances.rates.forward_lost, line.line, "forward-lost", resource):
        hours = chances.between(1, LOST_WITHIN_HOURS, line.line, "forward-loss", resource)
        lost = Happening(next_hour(at + timedelta(hours=hours)), Step.FORWARD_LOST, act.network, str(act.generation))
        line = line.later(lost)
    return line, Answer(forward.own)


def clear_forward(line: LineWorld, act: ClearForward) -> tuple[LineWorld, Answer]:
    """Our forward is gone and the person's own is back, unless ours has been set anew since (gate rule 4)."""
    if no := _unserved(line, act.network, act.number):
        return line, no
    forward = line.forward(act.network)
    if act.generation != forward.generation:
        return line, refused("stale")
    return line.with_forward(act.network, forward._replace(target=None, own=act.restore)), DONE


def forward_lost(line: LineWorld, due: Happening, _: Chances) -> Turn:
    """The network lost the forward, and says so."""
    network = Network(due.about)
    forward = line.forward(network)
    if forward.target is None or str(forward.generation) != due.note:
        return line, ()
    name = f"{line.line}:{network}:{forward.generation}:forward-lost"
    told = ForwardReport(id=name, source=f"{network}-network", at=due.due, number=line.number, network=network)
    return line.with_forward(network, forward._replace(target=None)), (told,)


def end_old_line(line: LineWorld, act: EndOldLine) -> tuple[LineWorld, Answer]:
    """The old line is over by notice. The provider does as it is told, port or no port."""
    if no := _unserved(line, Network.OLD, act.number):
        return line, no
    return line._replace(old_alive=False, old_forward=line.old_forward._replace(target=None, own=None)), DONE


def test(line: LineWorld, act: Test, at: datetime, chances: Chances) -> tuple[LineWorld, Answer]:
    """Which leg answers now, from each network of origin."""
    leg = leg_of(line, act.iccid, act.number, act.medium, at)
    heard = tuple(Heard(origin=origin, leg=leg) for origin in act.origins)
    return after_test(line, act.iccid, at, chances) if leg is Leg.HANDSET else line, Answer(heard)
