"""What may be chosen about a run, and the organisation that follows from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil
from typing import Final

from events.base import Iccid, Imei
from events.enrolment import Execution, Handset
from workers.imports.roster import Roster, StockedKit
from workers.imports.sample import STARTS, generate
from workers.world.chances import Policy, Rates
from workers.world.parcels import luhn

HORIZON: Final = timedelta(weeks=40)


@dataclass(frozen=True)
class Wishes:
    """What may be chosen about a run."""

    employees: int = 60
    seed: int = 1
    rates: Rates = field(default_factory=Rates)
    policy: Policy = "answers"
    handset: Handset | None = None  # the same for all lines that port
    execution: Execution | None = None
    deaf: float = 0.0  # commands whose answer comes neither at first nor at the quick retry
    twice: bool = False  # every report is heard twice
    shuffled: bool = False  # the reports of one step come in another order
    spares: float = 2.0  # more kits on every shelf, per line
    horizon: timedelta = HORIZON


def roster_of(wishes: Wishes) -> Roster:
    roster = generate(wishes.employees, wishes.seed, STARTS)
    roster = roster.model_copy(update={"kits": (*roster.kits, *_spares(roster, wishes))})
    changes: dict[str, object] = {}
    if wishes.execution is not None:
        changes["execution"] = wishes.execution
    if wishes.handset is not None:
        changes["handset"] = wishes.handset
    lines = tuple(line.model_copy(update=changes) if line.ports else line for line in roster.lines)
    return roster.model_copy(update={"lines": lines})


def _spares(roster: Roster, wishes: Wishes) -> tuple[StockedKit, ...]:
    """So many more kits of either kind per line on every shelf: what goes wrong here is not that they run out."""
    stocks = sorted({line.stock for line in roster.lines})
    wanted = ceil(len(roster.lines) * wishes.spares)
    kits = [(stock, n, imei) for stock in stocks for n in range(wanted) for imei in (None, Imei("490154203237518"))]
    return tuple(StockedKit(stock=stock, iccid=_iccid(place), imei=imei) for place, (stock, _, imei) in enumerate(kits))


def _iccid(number: int) -> Iccid:
    body = f"89314499{number:010d}"
    return Iccid(body + luhn(body))
