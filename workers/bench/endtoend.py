"""Employees per second through everything: decider, effect workers, clock, inbound; in a world that answers at once."""

import os
from dataclasses import dataclass
from typing import Any, Final

from events.base import Msisdn
from events.enrolment import Execution, Handset, LineKind
from workers.bench.report import EndToEnd
from workers.imports.invent.fleet import stocked
from workers.imports.roster import Roster
from workers.imports.sample import SEED, STARTS, generate
from workers.rehearsal.run import Rehearsal, Wishes
from workers.runtime.language import marked
from workers.runtime.ports import free_ports
from workers.runtime.settings import Settings
from workers.runtime.topics import delete_topics
from workers.world.chances import Rates

AT_ONCE: Final = Rates.calm(answer_hours=(0, 0), first_possible_days=(0, 0), interruption_seconds=(0, 0), sms_days=0)
"""Nothing goes wrong, and everybody answers as soon as the working day lets them."""


@dataclass(frozen=True)
class Shape:
    """What the lines are."""

    name: str
    title: str
    line: dict[str, Any]


_ANY: Final[dict[str, Any]] = {
    "critical": None,
    "execution": Execution.ON_CALL,
    "handset": Handset.NEW,
    "rosters": (),
    "members": (),
    "born_new": False,
}
NET: Final = Msisdn("+31201234567")
"""A desk that does not move."""
_VOICE: Final[dict[str, Any]] = {**_ANY, "kind": LineKind.VOICE, "ports": True, "mandate": "m-1", "net": NET}
_DATA: Final[dict[str, Any]] = {**_ANY, "kind": LineKind.DATA, "ports": False, "mandate": None}
SHAPES: Final = (
    Shape("voice", marked("a voice line with its port"), _VOICE),
    Shape("data", marked("a data-only line"), _DATA),
)


def end_to_end(settings: Settings, shape: Shape, employees: int) -> EndToEnd:
    """A rehearsal of so many employees with one line each, all in one wave."""
    roster = _roster(shape, employees)
    # A rehearsal makes topics of its own beside its programme's name, so that name has to be this run's alone.
    name = f"bench-{os.getpid()}-{shape.name}"
    inbound = free_ports(2)
    ports = {"inbound_port": inbound, "world_port": inbound + 1}
    ours = settings.model_copy(update={"programme": name, "topic_prefix": name, **ports})
    rehearsal = Rehearsal(ours, roster, Wishes(rates=AT_ONCE, capacity=employees))
    try:
        report = rehearsal.run(lambda _: None)
    finally:
        delete_topics(rehearsal.settings)
    return EndToEnd(
        shape=shape.title,
        employees=employees,
        done=report.done,
        not_done={**report.ended, **report.held},
        seconds=report.seconds["migration"],
        inbox_records=report.inbox.records,
        effects=report.effects.done,
        steps=report.steps,
    )


def _roster(shape: Shape, employees: int) -> Roster:
    """The invented municipality, of which each employee keeps one line, and that of this shape."""
    whole = generate(employees, SEED, STARTS)
    first = {line.line.rpartition("-")[0]: line for line in reversed(whole.lines) if line.line.startswith("E-")}
    lines = tuple(line.model_copy(update=shape.line) for _, line in sorted(first.items()))
    changed = {"lines": lines, "absences": (), "leavers": (), "duty_rosters": (), "kits": stocked(lines, SEED)}
    return whole.model_copy(update=changed)
