"""What a story begins with: lines, duty rosters, kits and limits, with a default for all that it does not say."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from pydantic import TypeAdapter

from events.base import Iccid, Imei, LineId, Msisdn, SubjectId
from events.enrolment import Critical, Execution, Handset, LineKind
from events.places import Kit
from events.planning import Slot
from orchestrator.terms import Terms
from workers.runtime.language import _
from workers.runtime.terms import ZONE, public_holidays
from workers.scenario import moments
from workers.scenario.page import Page, line_at
from workers.scenario.story import Given, GivenLine, GivenRoster, Level

BEGINS: Final = "2026-11-23 08:00"
SLOT: Final = "2026-12-10 10:00"
FIRST_POSSIBLE: Final = "2026-12-01 00:00"
SLOT_LENGTH: Final = timedelta(hours=2)
KEYS: Final = ("begins", "lines", "line", "until", "rosters", "kits", "slots", "per slot", "terms")
LINE_KEYS: Final = (
    "line",
    "until",
    "slot",
    "ports",
    "execution",
    "handset",
    "critical",
    "net",
    "rosters",
    "members",
    "wave",
    "mandate",
    "born new",
    "number",
    "first possible",
)
PORT_LEVELS: Final = frozenset({Level.REQUESTED, Level.ACCEPTED, Level.CUTOVER, Level.PORTED, Level.REACHED})
_LINE: Final = TypeAdapter(LineId)
_SUBJECT: Final = TypeAdapter(SubjectId)
_MSISDN: Final = TypeAdapter(Msisdn)


def sim_number(number: int) -> Iccid:
    """The `number`th SIM of the stock."""
    return Iccid(f"8931440{number:012d}")


def handset_number(number: int) -> Imei:
    """The `number`th handset of the stock."""
    return Imei(f"35000000{number:07d}")


def read_given(page: Page, value: object, line: int) -> Given:
    """What the story's `given` says, the defaults filled in."""
    told = page.mapping(value, line, KEYS, _("what is given"))
    terms = _terms(page, told.get("terms"), line_at(told, "terms"))
    begins = _local(page, told, "begins", BEGINS)
    wanted = page.items(told.get("lines", told.get("line", "E-0001-1 voice")))
    lines: list[GivenLine] = []
    for item, where in wanted:
        place = where or line_at(told, "lines" if "lines" in told else "line")
        if made := _line(page, item, place, {"until": told.get("until", Level.PLANNED)}, len(lines)):
            lines.append(made)
    return Given(
        begins=begins,
        lines=tuple(lines),
        rosters=_rosters(page, told.get("rosters"), line_at(told, "rosters")),
        kits=_kits(_count(page, told, "kits", 5)),
        slots=_slots(page, told, lines, begins, terms),
        per_slot=_count(page, told, "per slot", 3),
        terms=terms,
    )


def _count(page: Page, told: Mapping[str, Any], key: str, default: int) -> int:
    expected = _("'{key}' as a number").format(key=key)
    return page.read(lambda: int(told.get(key, default)), line_at(told, key), expected) or default


def _number(page: Page, told: Mapping[str, Any], key: str, default: str, place: int) -> Msisdn:
    expected = _("'{key}' as a telephone number in quotes: \"+31612345678\"").format(key=key)
    value = str(told.get(key, default))
    return page.read(lambda: _MSISDN.validate_python(value), place, expected) or Msisdn(default)


def _local(page: Page, told: Mapping[str, Any], key: str, default: str) -> datetime:
    value = told.get(key, default)
    expected = _("'{key}' as a date and time: 2026-12-01 09:00").format(key=key)
    return page.read(lambda: moments.local(value), line_at(told, key), expected) or moments.local(default)


def _line(page: Page, item: object, place: int, defaults: Mapping[str, Any], index: int) -> GivenLine | None:
    told = {"line": item} if isinstance(item, str) else page.mapping(item, place, LINE_KEYS, _("a line"))
    name, *rest = str(told.get("line", "")).split()
    expected = _("a line such as E-0001-1 (subject, dash, number)")
    line_id = page.read(lambda: _LINE.validate_python(name), place, expected)
    if line_id is None:
        return None
    kind = page.word(rest[0] if rest else "voice", place, LineKind, _("kind of line")) or LineKind.VOICE
    ports = bool(told.get("ports", kind in {LineKind.VOICE, LineKind.SHARED}))
    level = _("stage to bring the line to")
    until = page.word(told.get("until", defaults["until"]), place, Level, level) or Level.PLANNED
    if until in PORT_LEVELS and not ports:
        never = _("{line} does not port, so it is never '{until}'; expected planned, handed over or done")
        page.wrong(place, never.format(line=line_id, until=until))
    return _made(page, told, place, (line_id, kind, until, index), ports=ports)


def _made(
    page: Page, told: Mapping[str, Any], place: int, known: tuple[LineId, LineKind, Level, int], *, ports: bool
) -> GivenLine:
    line_id, kind, until, index = known
    critical = told.get("critical")
    start = _local(page, told, "slot", SLOT)
    return GivenLine(
        id=line_id,
        number=_number(page, told, "number", f"+3161234{5001 + index:04d}", place),
        old_iccid=Iccid(f"8931080{9000 + index:012d}"),
        kind=kind,
        ports=ports,
        execution=page.word(told.get("execution", "on_call"), place, Execution, _("execution")) or Execution.ON_CALL,
        handset=page.word(told.get("handset", "new"), place, Handset, _("handset")) or Handset.NEW,
        critical=page.word(critical, place, Critical, _("reason to be critical")) if critical else None,
        net=_number(page, told, "net", "+31201234567", place) if told.get("net", True) else None,
        rosters=_subjects(page, told.get("rosters"), place),
        members=_subjects(page, told.get("members"), place),
        wave=(*_subjects(page, told.get("wave"), place), SubjectId("W-01"))[0],
        slot=Slot(start=start, end=start + SLOT_LENGTH),
        until=until,
        mandate=bool(told.get("mandate", True)),
        born_new=bool(told.get("born new", False)),
        first_possible=_local(page, told, "first possible", FIRST_POSSIBLE),
        place=place,
    )


def _subjects(page: Page, value: object, place: int) -> tuple[SubjectId, ...]:
    made = []
    expected = _("a subject such as E-0001 (employee), S- (shared), R- (roster), W- (wave), K- (stock), P-")
    for item, _place in page.items(value):
        subject = page.read(partial(_SUBJECT.validate_python, item), place, expected)
        if subject is not None:
            made.append(subject)
    return tuple(made)


def _rosters(page: Page, value: object, line: int) -> dict[SubjectId, GivenRoster]:
    made = {}
    names = value if isinstance(value, Mapping) else ()
    for name, given in page.mapping(value, line, names, _("rosters (R-name: members, share)")).items():
        told = page.mapping(given, line, ("members", "share"), _("a roster"))
        expected = _("a roster such as {example}").format(example="R-bhv: {members: 10, share: 0.3}")
        roster = page.read(partial(_roster, told), line, expected)
        if roster is not None:
            made[SubjectId(name)] = roster
    return made


def _roster(told: Mapping[str, Any]) -> GivenRoster:
    return GivenRoster(int(told["members"]), float(told["share"]))


def _kits(count: int) -> tuple[Kit, ...]:
    """So many kits with a handset, and behind them as many SIMs alone."""
    with_phone = [Kit(iccid=sim_number(n), imei=handset_number(n)) for n in range(1, count + 1)]
    alone = [Kit(iccid=sim_number(n)) for n in range(count + 1, 2 * count + 1)]
    return (*with_phone, *alone)


def _slots(
    page: Page, told: Mapping[str, Any], lines: list[GivenLine], begins: datetime, terms: Terms
) -> tuple[Slot, ...]:
    """The slots that a wave may hand out: those told, or 10:00 to 12:00 on each of the next 90 working days."""
    if "slots" in told:
        line = line_at(told, "slots")
        expected = _("slots as a list of times: [2026-12-10 10:00, …]")
        starts = [page.read(partial(moments.local, v), w or line, expected) for v, w in page.items(told["slots"])]
        return tuple(Slot(start=start, end=start + SLOT_LENGTH) for start in starts if start)
    at = begins.astimezone(ZONE).replace(hour=10, minute=0)
    days = {line.slot.start for line in lines}
    for _day in range(90):
        at = terms.working_days_after(at, 1)
        days.add(at)
    return tuple(Slot(start=start, end=start + SLOT_LENGTH) for start in sorted(days))


def _terms(page: Page, value: object, line: int) -> Terms:
    """The programme's limits, by the names of orchestrator/terms.py; lengths of time in words."""
    known = {item.name: item for item in fields(Terms)}
    made: dict[str, Any] = {"programme": "story", "zone": ZONE, "holidays": public_holidays()}
    for key, said in page.mapping(value, line, known, _("terms")).items():
        default = getattr(Terms(programme="story"), key)
        if isinstance(default, timedelta):
            made[key] = page.read(partial(moments.length, said), line, _(moments.EXPECTED_LENGTH)) or default
        elif isinstance(default, int):
            made[key] = page.read(partial(int, said), line, _("a number")) or default
        else:
            cannot = _("'{key}' cannot be set in a story; expected a number or a length of time")
            page.wrong(line, cannot.format(key=key))
    return Terms(**made)
