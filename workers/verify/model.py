"""One explored system: who takes part, how it begins, and the limits it goes by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from events.base import Iccid, Imei, LineId, Msisdn, PersonId, SubjectId, subject_of
from events.enrolment import EmployeeEnrolled, LineEnrolled, LineKind, MandateFiled
from events.places import Kit, KitsDelivered, RosterFormed
from events.planning import LinePlanned, Slot, WavePlanned, WaveStarted
from events.registry import AnyFact
from orchestrator import subjects
from orchestrator.terms import Terms
from workers.verify.situation import Mail, Origin, Situation
from workers.world.chances import Rates
from workers.world.hours import AMSTERDAM, WorkingHours
from workers.world.leader import LEADER
from workers.world.line import LineWorld, TruthLine
from workers.world.truth import BEGINNING, answered_by

STARTS: Final = datetime(2027, 1, 11, 7, tzinfo=UTC)
"""A Monday."""
STOCK: Final = SubjectId("K-main")
WAVE: Final = SubjectId("W-01")
TERMS: Final = Terms(programme="verify", zone=AMSTERDAM, after_care_days=1)
"""The programme's own limits, but for one working day of after-care in place of three: the same is done on each."""
RATES: Final = Rates(no_reply=0)
"""Whatever may happen in the world does; that an answer gets lost is a deviation of its own."""
HOURS: Final = WorkingHours(frozenset())
"""When people work here: no day is a holiday."""
PORTING: Final = frozenset({LineKind.VOICE, LineKind.SHARED})


@dataclass(frozen=True)
class Model:
    """A system to explore: its lines, their first slot, and what else there is."""

    name: str
    lines: tuple[LineEnrolled, ...]
    slot: Slot
    spare: tuple[Slot, ...]
    rosters: Mapping[SubjectId, RosterFormed] = field(default_factory=dict)
    kits: int = 3
    per_slot: int = 1
    terms: Terms = TERMS
    rates: Rates = RATES
    hours: WorkingHours = HOURS

    @property
    def subjects(self) -> tuple[SubjectId, ...]:
        """Whoever has an inbox here, lines' holders first."""
        holders = dict.fromkeys(subject_of(line.line) for line in self.lines)
        return (*holders, WAVE, STOCK, *self.rosters)

    def begins(self) -> Situation:
        """Everything enrolled, planned and started, and nothing heard of it yet."""
        worlds = tuple(_world(line) for line in self.lines)
        return Situation(
            now=STARTS,
            states=tuple(subjects.fresh(subject) for subject in self.subjects),
            looks=(None,) * len(self.subjects),
            worlds=worlds,
            tails=tuple((TruthLine(STARTS, answered_by(world), BEGINNING),) for world in worlds),
            queue=tuple(Mail(subject, fact, STARTS, Origin.OPERATOR) for subject, fact in self._said()),
        )

    def _said(self) -> list[tuple[SubjectId, AnyFact]]:
        said: list[tuple[SubjectId, AnyFact]] = list(self.rosters.items())
        said.append((STOCK, KitsDelivered(kits=tuple(kit(number) for number in range(1, 2 * self.kits + 1)))))
        names = tuple(line.line for line in self.lines)
        told = {"title": "all", "lines": names, "opens": STARTS, "slots": self.spare, "batches": self.spare}
        said.append((WAVE, WavePlanned.model_validate({**told, "per_slot": self.per_slot})))
        for line in self.lines:
            said += self._enrolled(line)
        said.append((WAVE, WaveStarted(by=LEADER, why="all is ready")))
        return said

    def _enrolled(self, line: LineEnrolled) -> list[tuple[SubjectId, AnyFact]]:
        holder = subject_of(line.line)
        facts: list[AnyFact] = [EmployeeEnrolled(person=PersonId(f"p-{holder}"), department="all", site="hall"), line]
        if line.ports:
            facts.append(MandateFiled(line=line.line, mandate=f"mandate-{line.line}"))
        facts.append(LinePlanned(line=line.line, wave=WAVE, slot=self.slot))
        return [(holder, fact) for fact in facts]


def _world(line: LineEnrolled) -> LineWorld:
    return LineWorld(
        line=line.line,
        subject=subject_of(line.line),
        number=line.number,
        kind=line.kind,
        ports=line.ports,
        execution=line.execution,
        handset=line.handset,
        wave=WAVE,
        old_sim=line.old_iccid or "",
    )


def kit(number: int) -> Kit:
    """The kit of this number: every second one holds a handset."""
    imei = Imei(f"{350000000000000 + number}") if number % 2 else None
    return Kit(iccid=Iccid(f"8931440{number:012d}"), imei=imei)


def line(number: int, kind: LineKind, **others: object) -> LineEnrolled:
    """The first line of the employee of this number; `others` are fields of `LineEnrolled`."""
    holder = "S" if kind is LineKind.SHARED else "E"
    ports = kind in PORTING
    told = {
        "line": LineId(f"{holder}-000{number}-1"),
        "number": Msisdn(f"+3161111111{number}"),
        "kind": kind,
        "ports": ports,
        "old_iccid": Iccid(f"893144099999999999{number}"),
        "net": Msisdn("+31881110000") if ports else None,
    }
    return LineEnrolled.model_validate({**told, **others})
