"""The carrier, the site's post room, and the logistics worker who hands a kit over and scans it."""

from datetime import datetime
from hashlib import blake2b
from typing import Final

from events.base import Account, Barcode, Iccid, Imei
from events.cutover import Network
from events.dispatch import HandedOver, KitReturned, ParcelStatus
from events.enrolment import Handset
from workers.providers.reports import ParcelReport, Spoken
from workers.world.acts import DONE, Answer, Collect, Ship
from workers.world.chances import Chances
from workers.world.hours import AMSTERDAM
from workers.world.line import Cause, Happening, LineWorld, Parcel, Step, Turn
from workers.world.sims import attaching, insertion, into_phone, known
from workers.world.truth import rings

LOGISTICS: Final = Account("logistics")
LOST_AFTER_DAYS: Final = 5
PICKED_UP, DELIVERED, LOST = ParcelStatus.PICKED_UP, ParcelStatus.DELIVERED, ParcelStatus.LOST


def luhn(digits: str) -> str:
    """The check digit that makes these digits right (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - a doubled digit counts as the sum of its two
    return str(-total % 10)


def another_iccid(iccid: str, line: str) -> Iccid:
    """A SIM of the same stock that nobody has."""
    digits = int.from_bytes(blake2b(f"{line}/{iccid}".encode(), digest_size=8).digest())
    # Stock is numbered from the bottom up, so an account that begins with nines is nobody's.
    body = iccid[:-8] + f"9{digits % 10**6:06d}"
    return Iccid(body + luhn(body))


def another_imei(imei: str) -> Imei:
    """A handset of the same type that is not the one on the list."""
    body = f"{imei[:8]}9{(int(imei[9:14]) + 1) % 10**5:05d}"
    return Imei(body + luhn(body))


def ship(line: LineWorld, act: Ship, reference: str, at: datetime, chances: Chances) -> tuple[LineWorld, Answer]:
    """The carrier knows of the parcel and brings it to the site, mostly."""
    digest = blake2b(reference.encode(), digest_size=5).hexdigest().upper()
    code = Barcode(f"3SNL{digest}")
    parcel = Parcel(code, act.iccid, act.imei)
    line = line.with_parcel(parcel)
    return line.later(*_journey(line, parcel, at, chances)), Answer(code)


def _journey(line: LineWorld, parcel: Parcel, at: datetime, chances: Chances) -> list[Happening]:
    """What the carrier will report, and when the kit comes into the person's hands."""
    rates, hours, code = chances.rates, chances.hours, parcel.barcode
    late = int(chances.hits(rates.parcel_late, line.line, "parcel-late", code))

    def scan(days: int, hour: int, status: ParcelStatus) -> Happening:
        return Happening(hours.day_after(at, days, hour), Step.PARCEL, code, status)

    def handed(days: int) -> Happening:
        return Happening(hours.day_after(at, days, 10), Step.HANDED_OVER, code)

    picked_up = scan(1, 8, PICKED_UP)
    if chances.hits(rates.parcel_lost, line.line, "parcel-lost", code):
        return [picked_up, scan(1 + LOST_AFTER_DAYS, 12, LOST)]
    on_its_way = scan(2 + late, 8, ParcelStatus.OUT_FOR_DELIVERY)
    if chances.hits(rates.parcel_pickup, line.line, "parcel-pickup", code):
        fetched = scan(4 + late, 15, DELIVERED)
        return [picked_up, on_its_way, scan(2 + late, 14, ParcelStatus.READY_FOR_PICKUP), fetched, handed(5 + late)]
    delivered = scan(2 + late, 14, DELIVERED)
    if chances.hits(rates.parcel_neighbour, line.line, "parcel-neighbour", code):
        return [picked_up, on_its_way, delivered]
    return [picked_up, on_its_way, delivered, handed(3 + late)]


def scanned(line: LineWorld, due: Happening, _: Chances) -> Turn:
    """The carrier's status feed; a lost parcel is lost from then on."""
    status = ParcelStatus(due.note)
    parcel = next((p for p in line.parcels if p.barcode == due.about), None)
    if parcel is None or parcel.handed_over:
        return line, ()
    told = ParcelReport(
        id=f"{line.line}:{due.about}:{status}:{due.due:%Y%m%dT%H%M}",
        source="carrier",
        at=due.due,
        barcode=parcel.barcode,
        status=status,
        incident="carrier_parcel_lost" if status is LOST else None,
    )
    return line.with_parcel(parcel._replace(lost=parcel.lost or status is LOST)), (told,)


def gone(line: LineWorld, at: datetime) -> bool:
    """Whether the person has left the organisation."""
    return line.last_day is not None and at.astimezone(AMSTERDAM).date() > line.last_day


def hand_over(line: LineWorld, due: Happening, chances: Chances) -> Turn:
    """A logistics worker scans what is in the box into the person's hands, once the person is there."""
    parcel = next((p for p in line.parcels if p.barcode == due.about), None)
    if parcel is None or parcel.handed_over or parcel.lost or gone(line, due.due):
        return line, ()
    if back := line.away_until(due.due):
        return line.later(due._replace(due=_there_again(back, due.due, chances, 10))), ()
    iccid, imei = _in_the_box(line, parcel, chances)
    line = line.with_parcel(parcel._replace(handed_over=True, iccid=iccid, imei=imei))
    line = line.with_sim(known(line, iccid, chances))._replace(in_hand=iccid)
    if line.handset is Handset.NEW:
        # Whose number rings on an earlier kit keeps that one in use until the number is on the new one.
        in_use = line.served is Network.NEW and rings(line.sim(line.bound))
        line = line if in_use else into_phone(line, iccid, due.due, chances)
    else:
        line = attaching(insertion(line, due.due, chances), iccid, due.due, chances)
    fact = HandedOver(line=line.line, iccid=iccid, imei=imei, by=LOGISTICS)
    name = f"{line.line}:{parcel.barcode}:handed-over"
    return line, (Spoken(id=name, source="hand-over", at=due.due, subject=line.subject, actor=LOGISTICS, fact=fact),)


def _there_again(back: datetime, now: datetime, chances: Chances, hour: int) -> datetime:
    """This hour of the first working day on which the person is there again."""
    first = chances.hours.day_after(back, 0, hour)
    return first if first >= back and first > now else chances.hours.day_after(max(back, now), 1, hour)


def _in_the_box(line: LineWorld, parcel: Parcel, chances: Chances) -> tuple[Iccid, Imei | None]:
    iccid, imei = parcel.iccid, parcel.imei
    if chances.hits(chances.rates.wrong_sim, line.line, "wrong-sim", parcel.barcode):
        iccid = another_iccid(iccid, line.line)
    if imei and chances.hits(chances.rates.wrong_handset, line.line, "wrong-handset", parcel.barcode):
        imei = another_imei(imei)
    return iccid, imei


def collect(line: LineWorld, act: Collect, reference: str, at: datetime, chances: Chances) -> tuple[LineWorld, Answer]:
    """The person hands the kit back some days later."""
    days = int(chances.between(3, 10, line.line, "new-kit" if act.iccid else "old-kit"))
    cause = Cause("command", "collect", reference)
    back = Happening(chances.hours.day_after(at, days, 15), Step.KIT_RETURNED, act.iccid, cause=cause)
    return line.later(back), DONE


def keeping_old_kit(line: LineWorld) -> LineWorld:
    """Whoever reads that calls may not arrive keeps the old phone and SIM, though asked to hand them back before."""
    agenda = tuple(due for due in line.agenda if due.step is not Step.KIT_RETURNED or due.about)
    return line._replace(agenda=agenda)


def kit_returned(line: LineWorld, due: Happening, chances: Chances) -> Turn:
    """The kit is with the organisation again, which the logistics worker notes."""
    if back := line.away_until(due.due):
        return line.later(due._replace(due=_there_again(back, due.due, chances, 15))), ()
    fact = KitReturned(line=line.line, iccid=Iccid(due.about) if due.about else None)
    name = f"{line.line}:{due.about or 'old-kit'}:{due.due:%Y%m%dT%H}"
    told = Spoken(id=name, source="hand-over", at=due.due, subject=line.subject, actor=LOGISTICS, fact=fact)
    return _without(line, due.about), (told,)


def kit_back(line: LineWorld, due: Happening, _: Chances) -> Turn:
    """Who has the person's kit by mistake gives it back. Whoever has another one by now leaves that one in use."""
    sim = line.sim(due.about)
    if sim is None or not sim.elsewhere:
        return line, ()
    if line.in_hand:
        return line.with_sim(sim._replace(elsewhere=False, in_phone=False, attached=False)), ()
    return line.with_sim(sim._replace(elsewhere=False))._replace(in_hand=sim.iccid), ()


def _without(line: LineWorld, iccid: str) -> LineWorld:
    """The line once its person gave this kit back, or the old one; out of the one phone, it makes room for the old."""
    sim = line.sim(iccid)
    if sim is None:
        return line._replace(old_in_phone=False)
    given_back = line.with_sim(sim._replace(in_phone=False, attached=False))
    swapped_back = sim.in_phone and line.handset is not Handset.NEW
    return given_back._replace(
        in_hand="" if line.in_hand == iccid else line.in_hand, old_in_phone=line.old_in_phone or swapped_back
    )
