"""The report at the end: from the journal, the inbox, and the world's own truth and counts."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from events.base import subject_of
from events.outcomes import Owner
from orchestrator.record import Holder, Line
from workers.imports.roster import Roster
from workers.journal.fold import Fold
from workers.journal.reading import Journal, folds_of
from workers.journal.record import Entry
from workers.runtime.settings import Settings
from workers.runtime.terms import terms_of
from workers.world.gaps import GapReport, Seconds, gap_report


class InboxReport(BaseModel):
    """What became of every record of the inbox."""

    model_config = ConfigDict(frozen=True)

    records: int
    decided_once: int
    undecided: int
    decided_twice: int


class EffectsReport(BaseModel):
    """Effects in the world, per business key."""

    model_config = ConfigDict(frozen=True)

    done: int
    repeated: int
    """Done again under a key that was done before. Must be 0."""
    asked_again: int
    """Asked again under the same key, and answered without doing anything."""
    maybe_twice: int


class HeldLine(BaseModel):
    """A line that is neither done nor ended, and whose task it is."""

    model_config = ConfigDict(frozen=True)

    line: str
    reason: str
    tasks: tuple[str, ...]


class Report(BaseModel):
    """All of it, as `--report FILE` writes it."""

    model_config = ConfigDict(frozen=True)

    employees: int
    lines: int
    done: int
    ended: dict[str, int]
    held: dict[str, int]
    held_lines: tuple[HeldLine, ...]
    incidents: dict[Owner, int]
    gap_minutes: dict[Owner, float]
    covered_minutes: float
    port_interruption_seconds: Seconds
    inbox: InboxReport
    effects: EffectsReport
    outcome_digest: str
    """Twelve digits that are the same when every line came out the same, and its effects and incidents were as many."""
    world: dict[str, dict[str, int]]
    steps: int
    from_: datetime
    until: datetime
    seconds: dict[str, float]

    @property
    def kept(self) -> bool:
        """Whether the promise was kept: every line accounted for, no gap of ours, nothing lost, nothing twice."""
        accounted = self.done + sum(self.ended.values()) + sum(self.held.values()) == self.lines
        inbox = self.inbox
        once = inbox.undecided == 0 and inbox.decided_twice == 0 and inbox.decided_once == inbox.records
        return accounted and once and self.gap_minutes[Owner.OURS] == 0 and self.effects.repeated == 0


class Outcomes:
    """The journal read to its end."""

    def __init__(self, settings: Settings) -> None:
        self.last: dict[str, Entry] = {}
        self.maybe_twice = 0
        self.times = {partition: Counter[int]() for partition in range(settings.partitions)}
        """How often each inbox offset stands in the accepted chain of its partition."""
        with closing(Journal(settings, folds_of(settings, terms_of(settings)))) as journal:
            journal.catch_up(self._seen)
            self.inbox_ends = journal.inbox_ends()
            self.folds: list[Fold] = [f for f in journal.followers.values() if isinstance(f, Fold)]

    def _seen(self, partition: int, entry: Entry) -> None:
        self.last[entry.subject] = entry
        self.times[partition][entry.link.offset] += 1
        said = entry.heard.message if entry.heard and not entry.duplicate else None
        self.maybe_twice += bool(getattr(said, "maybe_twice", False))

    def lines(self) -> list[Line]:
        """Every line, in the order of ids."""
        holders = (state for fold in self.folds for state in fold.states.values() if isinstance(state, Holder))
        return sorted((line for holder in holders for line in holder.lines.values()), key=lambda line: line.id)

    def reason_of(self, line: Line) -> str:
        """Why the line is where it is, by the last decision about it."""
        entry = self.last[subject_of(line.id)]
        return next((str(b.reason) for b in entry.decision.because if b.line == line.id), "nothing_to_do")


def report(
    settings: Settings,
    roster: Roster,
    *,
    truth: Path,
    counts: Mapping[str, Any],
    progress: Mapping[str, Any],
    seconds: dict[str, float],
) -> Report:
    """The report of a rehearsal that is over."""
    outcomes = Outcomes(settings)
    lines = outcomes.lines()
    held = [_held(outcomes, line) for line in lines if line.done_at is None and line.ended is None]
    gaps = gaps_in(truth)
    world = {name: dict(value) for name, value in counts.items()}
    return Report(
        employees=len(roster.employees),
        lines=len(lines),
        done=sum(line.done_at is not None for line in lines),
        ended=dict(Counter(str(line.ended) for line in lines if line.ended)),
        held=dict(Counter(line.reason for line in held)),
        held_lines=tuple(held),
        incidents=gaps.incidents,
        gap_minutes=gaps.gap_minutes,
        covered_minutes=gaps.covered_minutes,
        port_interruption_seconds=gaps.port_interruption_seconds,
        inbox=inbox_report(outcomes),
        effects=_effects(world, outcomes.maybe_twice),
        outcome_digest=digest(lines, world),
        world=world,
        steps=int(progress["steps"]),
        from_=roster.starts,
        until=datetime.fromisoformat(str(progress["now"])),
        seconds=seconds,
    )


def gaps_in(truth: Path) -> GapReport:
    """The gaps that a truth log holds."""
    with truth.open("rb") as log:
        return gap_report(json.loads(row) for row in log)


def _held(outcomes: Outcomes, line: Line) -> HeldLine:
    tasks = tuple(f"{task.id} ({task.role})" for task in line.tasks.values() if task.closed_at is None)
    return HeldLine(line=line.id, reason=outcomes.reason_of(line), tasks=tasks)


def _effects(world: Mapping[str, Mapping[str, int]], maybe_twice: int) -> EffectsReport:
    return EffectsReport(
        done=sum(world["done"].values()),
        repeated=sum(world.get("done_twice", {}).values()),
        asked_again=sum(world["repeated"].values()),
        maybe_twice=maybe_twice,
    )


def digest(lines: list[Line], world: Mapping[str, Mapping[str, int]]) -> str:
    """What two runs of the same seed must have in common, whatever the machine did."""
    said = [(line.id, line.done_at is not None, str(line.ended), line.incident_count) for line in lines]
    what = json.dumps([said, sorted(world["done"].items())])
    return hashlib.blake2b(what.encode(), digest_size=6).hexdigest()


def inbox_report(outcomes: Outcomes) -> InboxReport:
    """How often each record of the inbox was decided, counted by the chain rule."""
    once = twice = records = 0
    for partition, times in outcomes.times.items():
        end = outcomes.inbox_ends[partition]
        records += end
        once += sum(1 for offset, n in times.items() if n == 1 and offset < end)
        twice += sum(1 for n in times.values() if n > 1)
    return InboxReport(records=records, decided_once=once, undecided=records - once - twice, decided_twice=twice)
