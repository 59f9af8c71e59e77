"""The world's truth held against what was promised, R1 to R6, read from the world's own store and log.

R1 nobody is unreachable by our doing; R2 a line whose number ports is ended by the port alone; R3 a number has one open
dossier at most; R4 nothing is done twice under one business key; R5 what was acknowledged to others is in the inbox;
R6 what others report is never refused. And nothing is missing: who was told that a thing is done finds it done.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from events.base import type_of
from events.control import CommandLapsed, CommandRefused, CommandWithdrawn, OutcomeUnknown, WithdrawalLate
from events.cutover import Withdraw
from events.outcomes import Owner
from events.porting import PortInvalid
from workers.chaos.checker import History, Ordered
from workers.rehearsal.report import gaps_in
from workers.world import model
from workers.world.acts import Act
from workers.world.line import LineWorld
from workers.world.porting import CLOSED
from workers.world.server import READERS
from workers.world.setup import WorldSetup, beginning
from workers.world.store import RELEASE, Row, WorldStore

NOT_DONE: Final = frozenset(
    type_of(answer)
    for answer in (CommandRefused, CommandLapsed, CommandWithdrawn, WithdrawalLate, OutcomeUnknown, PortInvalid)
)
"""Answers after which nobody may count on anything having been done."""
ENDS: Final = "end-old-line"
SECOND: Final = "dossier_open"
"""How the provider refuses a second dossier of a number."""


@dataclass
class Effects:
    """What was done in the world, and what should have been."""

    done: int = 0
    repeated: int = 0
    """Done again under a key under which it had been done."""
    missing: int = 0
    """Ordered and never answered, or answered as done and not done."""
    breaches: list[str] = field(default_factory=list)


def effects_in(folder: Path, truth: Path, past: History) -> Effects:
    """Judge what the world in this folder did on the orders of this history. `truth` is the world's log."""
    setup, store = WorldSetup.load(folder), WorldStore(folder)
    effects = Effects()
    done = _replayed(setup, store.rows(), effects)
    acknowledged = store.acknowledged()
    store.close()
    _acts(truth, effects)
    _silences(truth, effects)
    lines = {str(known.line) for known in setup.lines}
    for ordered in past.ordered.values():
        if why := _missing(ordered, done, lines):
            effects.missing += 1
            effects.breaches.append(f"{ordered.key} {why}")
    effects.breaches += _unheard(acknowledged, past)
    effects.breaches += [f"R6: a report was refused: {where}" for where in past.refused]
    return effects


def _replayed(setup: WorldSetup, rows: Iterable[Row], effects: Effects) -> set[str]:
    """The references under which something was done, by the model run once more on what it was asked."""
    lines, chances = beginning(setup), setup.chances
    done: set[str] = set()
    requests: dict[str, tuple[str, Act]] = {}
    for row in rows:
        if row.name == RELEASE:
            lines = {name: model.happen(line, row.at, chances).line for name, line in lines.items()}
            continue
        asked = READERS[row.name].validate_json(row.body)
        if requests.setdefault(row.reference, (row.line, asked)) != (row.line, asked):
            effects.breaches.append(f"R4: {row.reference} was used for another request ({row.name}, {row.line})")
        acted = model.act(lines[row.line], asked, row.reference, row.at, chances)
        lines[row.line] = acted.line
        if acted.answer.code == SECOND:
            effects.breaches.append(f"R3: {row.reference} asked for a second dossier while one is open")
        if acted.repeated or acted.answer.code:
            continue
        effects.done += 1
        if row.reference in done:
            effects.repeated += 1
            effects.breaches.append(f"R4: {row.reference} was done twice")
        done.add(row.reference)
        effects.breaches += _forbidden(acted.line, row)
    return done


def _forbidden(line: LineWorld, row: Row) -> Iterator[str]:
    """What this act did to the line and may not have."""
    if row.name == ENDS and line.ports:
        yield f"R2: {row.reference} ended a line whose number ports"
    standing = [port.dossier for port in line.dossiers if port.state not in CLOSED]
    if len(standing) > 1:
        yield f"R3: {line.line} has {len(standing)} open dossiers after {row.reference}"


def _acts(truth: Path, effects: Effects) -> None:
    """What cannot be undone stands in the world's log each time that it was done."""
    with truth.open("rb") as log:
        rows: list[dict[str, Any]] = [json.loads(row) for row in log]
    times = Counter((row["act"], row["cause"]["reference"]) for row in rows if "act" in row)
    for (act, reference), count in times.items():
        if count > 1:
            effects.repeated += count - 1
            effects.breaches.append(f"R4: {act} stands {count} times in the world's log under {reference}")


def _silences(truth: Path, effects: Effects) -> None:
    for gap in gaps_in(truth).gaps:
        if gap.owner is Owner.OURS:
            effects.breaches.append(f"R1: {gap.line} was unreachable from {gap.since:%m-%d %H:%M}, by {gap.cause}")


def _missing(ordered: Ordered, done: set[str], lines: set[str]) -> str:
    """What is missing of this order, in words; nothing where all is there."""
    if not ordered.answers:
        return "was ordered and never answered"
    if ordered.type == type_of(Withdraw) or ordered.line not in lines:
        return ""
    claimed = [answer for answer in ordered.answers if answer not in NOT_DONE]
    return f"was answered with {claimed[0]}, and was not done" if claimed and ordered.key not in done else ""


def _unheard(acknowledged: Iterable[str], past: History) -> Iterator[str]:
    """What matches nobody is taken in under a name of its own: `unrouted/<source>/<id>`."""
    heard = {id_.split("/", 2)[-1] if id_.startswith("unrouted/") else id_ for _, id_ in past.heard}
    yield from (f"R5: report {id_} was acknowledged and stands in no inbox" for id_ in acknowledged if id_ not in heard)
