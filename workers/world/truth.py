"""What answers a call to a number in truth. Nobody but the world and its log may look here."""

from datetime import datetime
from typing import Any, Final

from events.cutover import Leg, Medium, Network
from orchestrator.reachability import OUTSIDE, Way, reachable
from workers.world.line import ActLine, Cause, Health, LineWorld, Sim, TruthLine, Ways

BEGINNING: Final = Cause("world", "beginning")
UNDER_WAY: Final = "a port is under way"
ELSEWHERE: Final = "it rings in another person's hands"


def on_network(sim: Sim | None) -> bool:
    """Whether the network sees this SIM, in whoever's hands: active, attached, in a phone, and good."""
    return sim is not None and sim.attached and sim.in_phone and sim.health is Health.FINE


def rings(sim: Sim | None) -> bool:
    """Whether this SIM would ring in the person's hands."""
    return sim is not None and not sim.elsewhere and on_network(sim)


def rings_elsewhere(line: LineWorld) -> bool:
    """Whether the number rings in another person's hands, so that no forward catches it either."""
    sim = line.sim(line.bound) if line.served is Network.NEW else None
    return sim is not None and sim.elsewhere and on_network(sim)


def old_phone_rings(line: LineWorld) -> bool:
    """Whether the old SIM would ring in the person's hands."""
    return line.old_alive and line.old_in_phone


def new_sim_in_use(line: LineWorld) -> str:
    """The new SIM that is attached in the person's phone, or nothing."""
    return next((sim.iccid for sim in line.sims if rings(sim)), "")


def caught(line: LineWorld) -> bool:
    """Whether a forward of the serving network leads to somebody: not to voicemail, nor to the number itself."""
    if line.served is Network.OLD and not line.old_alive:
        return False
    target = line.forward(line.served).target
    return target is not None and target != line.number


def _by_phone(line: LineWorld) -> str:
    """Why a phone in the person's hands rings, or nothing."""
    if line.served is Network.NEW:
        return "the number is on the new SIM in the phone" if rings(line.sim(line.bound)) else ""
    if old_phone_rings(line):
        return "the old SIM is in the phone"
    if not line.ports and new_sim_in_use(line):
        return "the replacement is in use"
    return ""


def _silence(line: LineWorld) -> str:
    """Why no phone rings."""
    if line.served is Network.OLD:
        return "the old SIM is out of the phone" if line.old_alive else "the old line has ended"
    sim = line.sim(line.bound)
    if sim is None or not sim.in_phone:
        return "the SIM that carries the number is in no phone of this person"
    return f"the SIM is {sim.health}" if sim.health is not Health.FINE else "the SIM is not attached"


def answered_by(line: LineWorld) -> Ways:
    """What answers a call to this number now. A port under way answers nowhere, not even by a forward."""
    old, new, net = old_phone_rings(line), new_sim_in_use(line), caught(line)
    if line.interrupted_by is not None:
        return Ways("nothing", UNDER_WAY, old, new, net=False)
    if rings_elsewhere(line):
        return Ways("nothing", ELSEWHERE, old, new, net=False)
    phone = _by_phone(line)
    way = Way(line.served, carries=True, rings=bool(phone), forward=OUTSIDE if net else ())
    if not reachable((way,)):
        return Ways("nothing", _silence(line), old, new, net)
    return Ways("handset", phone, old, new, net) if phone else Ways("net", _silence(line), old, new, net)


def _sim_that_answers(line: LineWorld) -> str:
    return line.bound if line.served is Network.NEW else line.old_sim


def leg_of(line: LineWorld, iccid: str, number: str | None, medium: Medium, at: datetime) -> Leg:
    """Which leg answers a test of this SIM. The handset proves only the SIM that was asked about."""
    sim = line.sim(iccid)
    if medium in (Medium.ATTACH, Medium.ALARM) or number is None:
        works = on_network(sim) or (iccid == line.old_sim and old_phone_rings(line))
        return Leg.HANDSET if works else Leg.NOBODY
    if number != line.number:
        ported_away = line.served is Network.NEW and iccid == line.bound
        if not on_network(sim) or ported_away:
            return Leg.NOBODY
        return Leg.HANDSET if rings(sim) else Leg.OTHER
    if medium is Medium.SMS and line.sms_from is not None and at < line.sms_from:
        return Leg.NOBODY
    ways = answered_by(line)
    if ways.why == ELSEWHERE:
        return Leg.OTHER
    if ways.answers == "handset":
        return Leg.HANDSET if _sim_that_answers(line) == iccid else Leg.OTHER
    if ways.answers == "net":
        return Leg.FORWARD
    own = line.forward(line.served).own
    return Leg.VOICEMAIL if own and line.interrupted_by is None and line.old_alive else Leg.NOBODY


def _plain_cause(cause: Cause) -> dict[str, Any]:
    fields = {
        "kind": cause.kind,
        "what": cause.what,
        "reference": cause.reference,
        "evidence_at": cause.evidence_at and cause.evidence_at.isoformat(),
        "not_after": cause.not_after and cause.not_after.isoformat(),
        "iccid": cause.iccid,
        "final_at": cause.final_at and cause.final_at.isoformat(),
    }
    return {name: value for name, value in fields.items() if value}


def plain(line: LineWorld, told: TruthLine | ActLine) -> dict[str, Any]:
    """One line of the truth log as JSON-able values: a change of what answers, or an act that cannot be undone."""
    head = {"at": told.at.isoformat(), "line": line.line, "number": line.number}
    cause = _plain_cause(told.cause)
    if isinstance(told, ActLine):
        return {**head, "act": told.cause.what, "cause": cause}
    ways = {"old_phone": told.ways.old_phone, "new_sim": told.ways.new_sim, "net": told.ways.net}
    return {**head, "answers": told.ways.answers, "why": told.ways.why, "ways": ways, "cause": cause}
