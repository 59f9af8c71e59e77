"""The systems that are explored: one line of each kind, and two people who share something."""

from datetime import datetime, timedelta
from typing import Final

from events.base import LineId, SubjectId
from events.enrolment import Critical, Execution, Handset, LineEnrolled, LineKind
from events.places import RosterFormed
from events.planning import Slot
from workers.verify.model import STARTS, Model, line

SLOT: Final = timedelta(hours=2)
FIRST: Final = 10
"""Days from the beginning to the slot that was planned: answers, kits and first possible dates come in time."""
SPARE: Final = range(11, 150)
"""Days on which the wave has slots to hand out again."""
BHV: Final = SubjectId("R-bhv")
SATURDAY: Final = 5


def _slot(day: int) -> Slot:
    at = (STARTS + timedelta(days=day)).replace(hour=9)
    return Slot(start=at, end=at + SLOT)


def _works(at: datetime) -> bool:
    return at.weekday() < SATURDAY


def _model(name: str, *lines: LineEnrolled, **others: object) -> Model:
    spare = tuple(_slot(day) for day in SPARE if _works(STARTS + timedelta(days=day)))
    return Model(name, lines, _slot(FIRST), spare, **others)  # type: ignore[arg-type]


def _rostered(number: int) -> LineEnrolled:
    return line(number, LineKind.VOICE, rosters=(BHV,))


ONE: Final[tuple[Model, ...]] = (
    _model("voice", line(1, LineKind.VOICE)),
    _model("single-phone", line(1, LineKind.VOICE, handset=Handset.KEPT)),
    _model("esim", line(1, LineKind.VOICE, handset=Handset.ESIM)),
    _model("booked", line(1, LineKind.VOICE, execution=Execution.BOOKED)),
    _model("booked-single-phone", line(1, LineKind.VOICE, execution=Execution.BOOKED, handset=Handset.KEPT)),
    _model("critical", line(1, LineKind.VOICE, critical=Critical.FIRST_AIDER)),
    _model("shared", line(1, LineKind.SHARED)),
    _model("data", line(1, LineKind.DATA)),
    _model("machine", line(1, LineKind.MACHINE, handset=Handset.KEPT)),
)
"""One line of each kind."""

TWO: Final[tuple[Model, ...]] = (
    _model("two-people", line(1, LineKind.VOICE), line(2, LineKind.VOICE), per_slot=2),
    _model(
        "shared-number",
        line(1, LineKind.VOICE),
        line(2, LineKind.SHARED, members=(SubjectId("E-0001"),)),
        per_slot=2,
    ),
    _model(
        "roster-of-one",
        _rostered(1),
        _rostered(2),
        rosters={BHV: RosterFormed(title="BHV", members=2, share=0.5)},
        per_slot=2,
    ),
)
"""Two people at once: two lines of one wave and stock, one of them a number that the other's owner answers as well; and
two of a duty roster that spares one at a time."""

MODELS: Final = {model.name: model for model in (*ONE, *TWO)}

DEPARTMENT: Final = _model(
    "department",
    _rostered(1),
    line(5, LineKind.DATA, line=LineId("E-0001-2")),
    line(2, LineKind.VOICE, handset=Handset.KEPT, rosters=(BHV,)),
    line(3, LineKind.VOICE, execution=Execution.BOOKED, critical=Critical.FIRST_AIDER),
    line(4, LineKind.SHARED),
    rosters={BHV: RosterFormed(title="BHV", members=2, share=0.5)},
    later=frozenset({LineId("E-0003-1"), LineId("S-0004-1")}),
    per_slot=3,
)
"""Four holders of five lines in two waves, two of them on a duty roster: too many to go through every history of."""

PLAYED: Final = {**MODELS, DEPARTMENT.name: DEPARTMENT}
"""Whatever a history can be played in."""

ALIKE: Final = {"esim": "single-phone", "shared": "voice"}
"""Systems that differ from another in what nothing that is explored looks at, so that one is gone through for both."""
