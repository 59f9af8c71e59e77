"""The new provider's SIM desk, and the network that SIMs attach to. Active, attached and reached are three things."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from events.base import Iccid, Msisdn
from events.cutover import Network
from events.enrolment import Execution, Handset
from workers.providers.reports import SimReport
from workers.world.acts import DONE, Activate, Answer, Block, Reset, refused
from workers.world.chances import Chances
from workers.world.hours import next_hour, next_minute
from workers.world.line import Cause, Happening, Health, LineWorld, Sim, Step, Turn

ONE_HOUR: Final = timedelta(hours=1)
DIES_WITHIN_HOURS: Final = 48


def temporary_number(iccid: str) -> Msisdn:
    """The number that a SIM has until the port: an 06 number made of the last seven digits of its account."""
    return Msisdn(f"+3168{iccid[-8:-1]}")


def known(line: LineWorld, iccid: Iccid, chances: Chances) -> Sim:
    """This SIM of the line; one not seen before has the health that it was made with."""
    if sim := line.sim(iccid):
        return sim
    mute = chances.hits(chances.rates.sim_mute, line.line, "mute", iccid)
    return Sim(iccid, health=Health.MUTE if mute else Health.FINE)


def report(line: LineWorld, sim: Sim, at: datetime, state: str, *, asked: bool = False, why: str = "") -> SimReport:
    """The network's or SIM desk's feed about a SIM."""
    told = {"iccid": sim.iccid, "state": state, "asked": asked, "why": why}
    name = f"{line.line}:{sim.iccid}:{state}:{at:%Y%m%dT%H%M}"
    return SimReport.model_validate({"id": name, "source": "sim-desk", "at": at, **told})


def activate(line: LineWorld, act: Activate, at: datetime, chances: Chances) -> tuple[LineWorld, Answer]:
    """The SIM is active in the books, on its temporary number; it attaches once it is in a phone."""
    sim = known(line, act.iccid, chances)
    if sim.health is Health.BLOCKED:
        return line, refused("sim_blocked")
    line = line.with_sim(sim._replace(active=True))
    return attaching(line, act.iccid, at, chances), Answer(temporary_number(act.iccid))


def _swapped_in_place(line: LineWorld, sim: Sim) -> bool:
    """Whether the new SIM of a lift or tablet is at its place: whoever swaps it puts the old one back if it is mute."""
    return not line.ports and line.handset is not Handset.NEW and line.in_hand == sim.iccid


def _may_attach(line: LineWorld, sim: Sim) -> bool:
    placed = sim.in_phone or _swapped_in_place(line, sim)
    return sim.active and placed and not sim.attached and sim.health is Health.FINE


def attaching(line: LineWorld, iccid: str, at: datetime, chances: Chances) -> LineWorld:
    """The SIM attaches in some minutes, if it is active, in a phone in the person's hands, and good."""
    sim = line.sim(iccid)
    if sim is None or not _may_attach(line, sim):
        return line
    minutes = chances.between(1, 6, line.line, "attach", f"{iccid}/{sim.resets}")
    when = next_minute(at + timedelta(minutes=minutes))
    return line.later(Happening(when, Step.SIM_ATTACHES, iccid, str(sim.resets)))


def attaches(line: LineWorld, due: Happening, _: Chances) -> Turn:
    """The network sees the SIM, if nothing came between."""
    sim = line.sim(due.about)
    if sim is None or not _may_attach(line, sim) or str(sim.resets) != due.note:
        return line, ()
    if not sim.in_phone:
        line = _only_in_phone(line._replace(old_in_phone=False), sim.iccid)
    attached = sim._replace(attached=True, in_phone=True)
    return line.with_sim(attached), (report(line, sim, due.due, "attached"),)


def reset(line: LineWorld, act: Reset, at: datetime, chances: Chances) -> tuple[LineWorld, Answer]:
    """The SIM or profile is set up again and waits to be activated anew; some cannot be mended."""
    sim = known(line, act.iccid, chances)
    if sim.health is Health.BLOCKED:
        return line, refused("sim_blocked")
    again = f"{sim.iccid}/{sim.resets}"
    broken = sim.health is not Health.FINE
    mended = not broken or chances.hits(chances.rates.reset_mends, line.line, "mend", again)
    health = Health.FINE if mended else Health.DEAD
    line = line.with_sim(sim._replace(active=False, attached=False, health=health, resets=sim.resets + 1))
    if not mended:
        line = line.later(Happening(next_minute(at + timedelta(minutes=10)), Step.SIM_FAILED, sim.iccid))
    return line, DONE


def failed(line: LineWorld, due: Happening, _: Chances) -> Turn:
    """The desk gives this SIM up."""
    sim = line.sim(due.about)
    if sim is None:
        return line, ()
    return line, (report(line, sim, due.due, "failed", why="it does not answer to the network"),)


def block(line: LineWorld, act: Block, at: datetime, chances: Chances) -> tuple[LineWorld, Answer]:
    """Nobody can use this SIM any more."""
    sim = known(line, act.iccid, chances)
    if sim.health is Health.BLOCKED:
        return line, DONE
    line = line.with_sim(sim._replace(health=Health.BLOCKED, active=False, attached=False))
    return line.later(Happening(next_hour(at + ONE_HOUR / 60), Step.SIM_BLOCKED, sim.iccid)), DONE


def block_told(line: LineWorld, due: Happening, _: Chances) -> Turn:
    """The desk's feed shows the block."""
    sim = line.sim(due.about)
    return line, (report(line, sim, due.due, "blocked", asked=True),) if sim else ()


def after_test(line: LineWorld, iccid: str, at: datetime, chances: Chances) -> LineWorld:
    """A passed test is noted: a batch rests on it, and some SIMs die after their first one (gate rule 15)."""
    line = _proved(line, iccid, at)
    sim = line.sim(iccid)
    if sim is None or sim.tested:
        return line
    line = line.with_sim(sim._replace(tested=True))
    if not chances.hits(chances.rates.sim_dies, line.line, "dies", iccid):
        return line
    hours = chances.between(0, DIES_WITHIN_HOURS, line.line, "death", iccid)
    dies = Happening(next_hour(at + timedelta(hours=hours) + ONE_HOUR), Step.SIM_DIES, iccid, str(sim.resets))
    return line.later(dies)


def _proved(line: LineWorld, iccid: str, at: datetime) -> LineWorld:
    """What a batch rests on is the last passed test before it can be recalled no more."""
    sim = line.sim(iccid)
    if sim is None or line.execution is not Execution.BOOKED or line.served is not Network.OLD:
        return line
    line = line.with_sim(sim._replace(proved_at=at))
    for port in line.dossiers:
        if port.iccid == iccid and port.booking and port.recall_until and at <= port.recall_until:
            line = line.with_port(port._replace(booking=replace(port.booking, evidence_at=at)))
    return line


def dies(line: LineWorld, due: Happening, chances: Chances) -> Turn:
    """The SIM is dead, and the network tells of it an hour later or not at all."""
    sim = line.sim(due.about)
    if sim is None or sim.health is not Health.FINE or str(sim.resets) != due.note:
        return line, ()
    line = line.with_sim(sim._replace(health=Health.DEAD, attached=False))
    if chances.hits(chances.rates.death_told, line.line, "death-told", sim.iccid):
        line = line.later(Happening(due.due + ONE_HOUR, Step.SIM_DETACHED_TOLD, sim.iccid))
    if chances.hits(chances.rates.noticed, line.line, "noticed", sim.iccid):
        hours = chances.between(1, 8, line.line, "notice", sim.iccid)
        line = line.later(Happening(chances.hours.after(due.due, hours), Step.SILENCE_NOTICED, sim.iccid))
    return line, ()


def detached_told(line: LineWorld, due: Happening, _: Chances) -> Turn:
    """The network tells that it lost this SIM."""
    sim = line.sim(due.about)
    return line, (report(line, sim, due.due, "detached"),) if sim and not sim.attached else ()


def into_phone(line: LineWorld, iccid: str, at: datetime, chances: Chances) -> LineWorld:
    """The person has this SIM in the phone, and any other new SIM is out of it."""
    return attaching(_only_in_phone(line, iccid), iccid, at, chances)


def _only_in_phone(line: LineWorld, iccid: str) -> LineWorld:
    sims = (
        sim
        if sim.elsewhere
        else sim._replace(in_phone=sim.iccid == iccid, attached=sim.attached and sim.iccid == iccid)
        for sim in line.sims
    )
    return line._replace(sims=tuple(sims))


def inserted(line: LineWorld, due: Happening, chances: Chances) -> Turn:
    """The person changed SIMs in the one phone: the old one is out, the new one in (gate rule 7)."""
    sim = line.sim(due.about)
    if sim is None or sim.in_phone or line.in_hand != sim.iccid or line.insert_told is None:
        return line, ()
    line = line._replace(old_in_phone=False, insert_told=None)
    return into_phone(line, sim.iccid, due.due, chances), ()


def insertion(line: LineWorld, at: datetime, chances: Chances) -> LineWorld:
    """The person changes SIMs some minutes after being told to, once the new one is at hand and the person there.

    Whoever has it in already did what the letter says: a SIM that comes later is put in when that is asked for.
    """
    told, sim = line.insert_told, line.sim(line.in_hand)
    if told is None or sim is None:
        return line
    if sim.in_phone:
        return line._replace(insert_told=None)
    at = line.away_until(at) or at
    minutes = chances.between(3, 20, line.line, "insert", sim.iccid)
    when = next_minute(at + timedelta(minutes=minutes))
    return line.later(Happening(when, Step.SIM_INSERTED, sim.iccid, cause=told))


def putting_back(line: LineWorld, reference: str, at: datetime, chances: Chances) -> LineWorld:
    """The person is asked to put the old SIM back, and does so some minutes later; a SIM still to go in stays out."""
    minutes = chances.between(3, 20, line.line, "put-back", reference)
    cause = Cause("command", "put-back", reference, evidence_at=at)
    back = Happening(next_minute(at + timedelta(minutes=minutes)), Step.SIM_PUT_BACK, reference, cause=cause)
    return line._replace(insert_told=None, back_told=reference).later(back)


def put_back(line: LineWorld, due: Happening, _: Chances) -> Turn:
    """The old SIM is in the one phone again, the new one out of it."""
    if line.back_told != due.about or line.old_in_phone:
        return line, ()
    return _only_in_phone(line._replace(old_in_phone=True, back_told=""), ""), ()


def insert_cause(line: LineWorld, reference: str, at: datetime) -> Cause:
    """A letter that takes the old SIM out rests on the net that must catch then, and its effect is ours."""
    return Cause("command", "insert", reference, evidence_at=line.forward(line.served).set_at or at)
