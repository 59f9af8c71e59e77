"""The lines with their numbers, SIMs, nets and mandates, and the kits that wait for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import ceil
from typing import Final

from events.base import LineId, Msisdn, SubjectId
from events.enrolment import Execution, Handset, LineKind
from workers.imports.invent import numbering, town
from workers.imports.invent.draws import Draws, part_of
from workers.imports.invent.duties import Duties
from workers.imports.invent.wanted import Wanted
from workers.imports.roster import Line, StockedKit

_HANDSETS: Final = {Handset.NEW: 83, Handset.KEPT: 11, Handset.ESIM: 6}
"""Percent of the lines of people; a machine always takes the new SIM itself, which makes 80 : 14 : 6 of all."""
_BOOKED: Final = 0.15
_NO_MANDATE: Final = 0.02
_SPARE: Final = 0.06
_FEWEST_SPARE: Final = 2


def fleet(wanted: Sequence[Wanted], duties: Duties, seed: int) -> tuple[Line, ...]:
    """The lines, each with what it needs to be moved."""
    draws = Draws(seed, "fleet")
    porting = [line.line for line in wanted if line.ports]
    plain = [line for line in porting if line not in duties.critical]
    booked = set(draws.some(plain, part_of(len(porting), _BOOKED)))
    unsigned = set(draws.some(porting, part_of(len(porting), _NO_MANDATE)))
    numbers = _numbers(wanted, draws)
    sims = numbering.sims(numbering.OLD_ISSUER, draws)
    return tuple(
        Line(
            line=line.line,
            number=numbers[line.line],
            kind=line.kind,
            critical=duties.critical.get(line.line),
            ports=line.ports,
            execution=Execution.BOOKED if line.line in booked else Execution.ON_CALL,
            handset=_handset(line, draws),
            old_iccid=None if line.born_new else next(sims),
            net=_net(line),
            rosters=duties.rosters.get(line.line, ()),
            members=line.members,
            stock=SubjectId(town.STOCKS[line.site]),
            born_new=line.born_new,
            mandate=f"M-{line.line}" if line.ports and line.line not in unsigned else None,
            department=line.department,
            site=line.site,
        )
        for line in wanted
    )


def stocked(lines: Sequence[Line], seed: int) -> tuple[StockedKit, ...]:
    """A kit for each line that moves, with a handset where one is due, and six in a hundred to spare per stock."""
    draws = Draws(seed, "kits")
    due = Counter((line.stock, line.handset is Handset.NEW) for line in lines if not line.born_new)
    sims = numbering.sims(numbering.NEW_ISSUER, draws)
    shelf = [place for place in sorted(due) for _ in range(_with_spare(due[place]))]
    return tuple(
        StockedKit(stock=stock, iccid=next(sims), imei=numbering.handset(at) if with_handset else None)
        for at, (stock, with_handset) in enumerate(shelf)
    )


def _with_spare(count: int) -> int:
    return count + max(_FEWEST_SPARE, ceil(count * _SPARE))


def _numbers(wanted: Sequence[Wanted], draws: Draws) -> dict[LineId, Msisdn]:
    machines = [line.line for line in wanted if line.kind is LineKind.MACHINE]
    others = [line.line for line in wanted if line.kind is not LineKind.MACHINE]
    mobiles = numbering.mobiles(len(others), draws)
    return {**dict(zip(others, mobiles, strict=True)), **dict(_machines(machines))}


def _machines(lines: Sequence[LineId]) -> Iterator[tuple[LineId, Msisdn]]:
    return ((line, numbering.machine(at)) for at, line in enumerate(lines))


def _handset(line: Wanted, draws: Draws) -> Handset:
    return Handset.KEPT if line.kind is LineKind.MACHINE else draws.weighted(_HANDSETS)


def _net(line: Wanted) -> Msisdn | None:
    if line.kind not in {LineKind.VOICE, LineKind.SHARED}:
        return None
    return numbering.desk(list(town.DEPARTMENTS).index(line.department))
