"""A story as it was read: who and what is given, the steps, and what must never be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from events.base import Iccid, LineId, Msisdn, SubjectId
from events.enrolment import Critical, Execution, Handset, LineKind
from events.places import Kit
from events.planning import Slot
from orchestrator.terms import Terms


class Level(StrEnum):
    """How far a line is brought by the happy path before the first step."""

    ENROLLED = "enrolled"
    PLANNED = "planned"
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    HANDED_OVER = "handed over"
    READY = "ready"
    CUTOVER = "cutover"
    PORTED = "ported"
    REACHED = "reached"
    DONE = "done"


class Act(StrEnum):
    """What somebody else does of their own accord, where a story lets them."""

    ACCEPTS = "old provider accepts"
    DELIVERS = "carrier delivers"
    HANDS_OVER = "logistics hands over"
    ATTACHES = "phone attaches"
    CONFIRMS = "person confirms"
    MOVES = "number moves"
    APPROVES = "leader approves"
    SECOND_MEDIUM = "superuser tries second medium"


@dataclass(frozen=True)
class GivenLine:
    """A line as the story begins."""

    id: LineId
    number: Msisdn
    old_iccid: Iccid
    kind: LineKind
    ports: bool
    execution: Execution
    handset: Handset
    critical: Critical | None
    net: Msisdn | None
    rosters: tuple[SubjectId, ...]
    members: tuple[SubjectId, ...]
    wave: SubjectId
    slot: Slot
    until: Level
    mandate: bool
    born_new: bool
    first_possible: datetime
    place: int


@dataclass(frozen=True)
class GivenRoster:
    """A duty roster: how many are on it, and which share may be in one window."""

    members: int
    share: float


@dataclass(frozen=True)
class Given:
    """What is there before the first step."""

    begins: datetime
    lines: tuple[GivenLine, ...]
    rosters: Mapping[SubjectId, GivenRoster]
    kits: tuple[Kit, ...]
    slots: tuple[Slot, ...]
    per_slot: int
    terms: Terms


@dataclass(frozen=True)
class Told:
    """A fact that is heard: its short name, what the story says of it, and whose it is."""

    name: str
    place: int
    fields: Mapping[str, Any] = field(default_factory=dict)
    line: LineId | None = None
    subject: SubjectId | None = None
    true_at: str | None = None


@dataclass(frozen=True)
class Expected:
    """What is to be so after a step, of this line or subject."""

    what: Mapping[str, Any]
    places: Mapping[str, int]
    line: LineId | None = None
    subject: SubjectId | None = None


@dataclass(frozen=True)
class Ways:
    """How the others behave from here on: answers that differ from the helpful ones, and acts of their own."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    acts: frozenset[Act] | None = None


@dataclass(frozen=True)
class Step:
    """At this time this is heard, and then that is to be so."""

    place: int
    at: str | None
    hear: tuple[Told, ...]
    then: tuple[Expected, ...]
    ways: Ways
    note: str = ""


@dataclass(frozen=True)
class Never:
    """What must not be at any time of the story: a command that is ordered, or a reason that is given."""

    kind: Literal["command", "reason", "task", "incident"]
    name: str
    fields: Mapping[str, Any]
    place: int


@dataclass(frozen=True)
class Story:
    """A whole story. `place` is always a line of `path`."""

    path: Path
    title: str
    source: str
    given: Given
    ways: Ways
    steps: tuple[Step, ...]
    never: tuple[Never, ...]
    allowed: frozenset[str]
