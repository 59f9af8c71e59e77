"""What must hold after every decision, as far as it can be told from what is known (docs/promises.md)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Final, NamedTuple

from events.base import IrreversibleCommand, LineId, attempt_of, effect_of
from events.outcomes import LineDone
from events.porting import PortState
from events.registry import AnyCommand
from orchestrator.decision import Decision
from orchestrator.knowing.porting import OVER
from orchestrator.reachability import known_ways, reachable
from orchestrator.record import AskState, Holder, Line
from workers.promises.law import Ordered

UNAWAITED: Final = "no timer, no command under way, no open task"
OPEN: Final = frozenset(PortState) - OVER - {PortState.PERFORMED}


class Promise(StrEnum):
    """What was broken."""

    LAW = "law"  # R1 and R2: an irreversible act was ordered that the law forbids
    UNREACHABLE = "unreachable"  # R1: nobody can call, by what we know, and nothing is done about it
    DOSSIERS = "dossiers"  # R3: two open requests
    KEYS = "keys"  # R4: a business key for two requests
    DONE = "done"  # a line is done whose handset does not answer, by what we know
    FORGOTTEN = "forgotten"  # an unfinished line that waits for nothing


class Broken(NamedTuple):
    """A promise that a decision broke, of which line, and how."""

    promise: Promise
    line: LineId
    why: str


@dataclass
class Onlooker:
    """Looks on at decision after decision."""

    _orders: dict[tuple[LineId, str], tuple[int, bytes]] = field(default_factory=dict)
    """Of each effect of a line its latest attempt, and what was asked then."""

    def broken(self, holder: Holder, decision: Decision, *, now: datetime, looks: bool) -> Iterator[Broken]:
        """What this decision broke. The holder is as it is after it; `looks`: whether it is looked at again."""
        for command in decision.commands:
            if (line := holder.lines.get(command.line)) is not None:
                yield from (Broken(Promise.LAW, line.id, why) for why in Ordered(command, holder, line, now).breaks())
            if self._otherwise(command):
                yield Broken(Promise.KEYS, command.line, "a business key was used for another request")
        yield from twice(decision)
        for outcome in decision.outcomes:
            if isinstance(outcome, LineDone) and not _rings(holder.lines[outcome.line]):
                yield Broken(Promise.DONE, outcome.line, "the handset was not shown to answer")
        for line in holder.lines.values():
            if line.terms is not None:
                yield from _standing(holder, line, looks=looks)

    def _otherwise(self, command: AnyCommand) -> bool:
        """Whether this key was used before, and for another request."""
        place = command.line, effect_of(command.key)
        attempt, asked = attempt_of(command.key), _asked(command)
        before = self._orders.get(place)
        self._orders[place] = attempt, asked
        return before is not None and before[0] == attempt and before[1] != asked


def twice(decision: Decision) -> Iterator[Broken]:
    """What is ordered twice in one decision, by one key."""
    keys = Counter((command.line, command.key) for command in decision.commands)
    for (line, key), count in keys.items():
        if count > 1:
            yield Broken(Promise.KEYS, line, f"{effect_of(key)} was ordered twice in one decision")


def _asked(command: AnyCommand) -> bytes:
    """What is asked, in eight bytes: until when it holds is the worker's matter, not the counterpart's."""
    told = command.model_dump_json(exclude={"not_after"} if isinstance(command, IrreversibleCommand) else None)
    return blake2b(told.encode(), digest_size=8).digest()


def _standing(holder: Holder, line: Line, *, looks: bool) -> Iterator[Broken]:
    if len(opened(line)) > 1:
        yield Broken(Promise.DOSSIERS, line.id, "two requests are open")
    if _cut_off(line) and not line.incidents and not _mended(line):
        yield Broken(Promise.UNREACHABLE, line.id, "no way is known, no incident is open, and no net is being set")
    if forgotten(holder, line, looks=looks):
        yield Broken(Promise.FORGOTTEN, line.id, UNAWAITED)


def _cut_off(line: Line) -> bool:
    """Whether nobody can call a line that has moved, by what we know. A number that is gone answers nowhere."""
    moved = line.port.performed_at is not None or line.old_ended_at is not None
    over = line.ended is not None or line.port.deactivated_at is not None
    return moved and not over and not reachable(known_ways(line))


def _mended(line: Line) -> bool:
    """Whether the net is being set."""
    asked = line.asks.get("forward-new")
    return asked is not None and asked.state in {AskState.ASKED, AskState.UNKNOWN}


def _rings(line: Line) -> bool:
    return any(way.carries and way.rings for way in known_ways(line))


def forgotten(holder: Holder, line: Line, *, looks: bool) -> bool:
    """Whether the line is not over and waits for nothing; `looks`: whether its holder is looked at again."""
    over = line.done_at is not None or line.ended is not None
    return not over and not looks and not _awaits(holder, line)


def _awaits(holder: Holder, line: Line) -> bool:
    """Whether an answer, a named person's task, or whoever holds the line or its wave is waited for."""
    asked = any(ask.state is AskState.ASKED for ask in line.asks.values())
    stopped = any(hold.line in {None, line.id} for hold in holder.holds) or line.plan.wave_state != "running"
    return asked or stopped or any(task.closed_at is None for task in line.tasks.values())


def opened(line: Line) -> list[str]:
    """The dossiers of the line that are not over."""
    dossiers = [one.dossier for one in line.port.closed if one.state in OPEN]
    if line.port.dossier and line.port.state in OPEN:
        dossiers.append(line.port.dossier)
    return sorted(set(dossiers))
