"""The words all messages share: identifiers, and what it is to be a fact or a command."""

from datetime import UTC, datetime
from typing import Annotated, Final, NewType

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, StringConstraints

PREFIX = "nl.naadloos"

SubjectId = NewType("SubjectId", Annotated[str, StringConstraints(pattern=r"^[ESRWKP]-[A-Za-z0-9._-]{1,40}$")])
"""Whose inbox it is: E- employee, S- shared line, R- duty roster, W- wave, K- kit stock, P- programme."""

LineId = NewType("LineId", Annotated[str, StringConstraints(pattern=r"^[ESRWKP]-[A-Za-z0-9._-]{1,40}$")])
"""One line of a subject: its subject's id, a dash and a number (`E-0001-1`)."""

PersonId = NewType("PersonId", Annotated[str, StringConstraints(pattern=r"^p-[A-Za-z0-9-]{1,60}$")])
"""An opaque key into the `people` topic, the one place where names and addresses stand."""

Account = NewType("Account", Annotated[str, StringConstraints(min_length=1, max_length=60)])
"""The account that gave an order: never a person's name."""

Msisdn = NewType("Msisdn", Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{6,14}$")])
"""A telephone number in E.164 (`+31612345678`)."""

Iccid = NewType("Iccid", Annotated[str, StringConstraints(pattern=r"^89[0-9]{17,18}$")])
"""The number printed on a SIM (ITU-T E.118), 19 or 20 digits."""

Imei = NewType("Imei", Annotated[str, StringConstraints(pattern=r"^[0-9]{15}$")])
"""The number of a handset, 15 digits."""

Barcode = NewType("Barcode", Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{6,30}$")])
"""A carrier's parcel number."""

Dossier = NewType("Dossier", Annotated[str, StringConstraints(pattern=r"^[-0-9A-Z]{5,26}$")])
"""The business key of one port request, chosen by us; shape as in the Dutch number portability API v3."""

Key = NewType("Key", Annotated[str, StringConstraints(pattern=r"^[^/\s]+/[^/\s]+/[a-z0-9.-]+/[0-9]+$")])
"""The business key of an effect: programme/line/effect/attempt. The same key twice is the same request."""

TaskId = NewType("TaskId", Annotated[str, StringConstraints(pattern=r"^[^/\s]+/[a-z-]+/[0-9]+$")])
"""A task for a person: line/kind/number."""

LetterId = NewType(
    "LetterId", Annotated[str, StringConstraints(pattern=r"^(inbox|commands\.[a-z]+)/[0-9]{1,6}/[0-9]{1,18}$")]
)
"""A dead letter: the topic (`inbox`, `commands.porting`), partition and offset of the record that it is about."""


EARLIEST: Final = 2000
LATEST: Final = 2199
"""The years in which a decision may count days on from any time without leaving the calendar."""


def in_a_programme(at: datetime) -> bool:
    """Whether a programme may live to see this moment; what is said of any other is read by nobody."""
    return EARLIEST <= at.year <= LATEST


FIRST_MOMENT: Final = datetime(EARLIEST, 1, 1, tzinfo=UTC)
LAST_MOMENT: Final = datetime(LATEST, 12, 31, 23, 59, 59, tzinfo=UTC)


def nearest_in_a_programme(at: datetime) -> datetime:
    """The moment itself, or the first or last one of all programmes: what was counted on from a time may be beyond."""
    return at if in_a_programme(at) else min(max(at, FIRST_MOMENT), LAST_MOMENT)


def in_utc(at: datetime) -> datetime:
    """The moment in UTC. Raises `ValueError` for one that no programme lives to see."""
    if EARLIEST <= at.year <= LATEST:  # not by another call: six times are read per journal record
        return at.astimezone(UTC)
    message = f"a time before {EARLIEST} or after {LATEST}"
    raise ValueError(message)


Instant = Annotated[AwareDatetime, AfterValidator(in_utc)]
"""A moment, whatever zone it was written in, as UTC.

Python compares times of one zone object twenty times as fast as times of two, and decisions do little else.
"""


class Message(BaseModel):
    """Anything that can be said. Frozen; a producer may say nothing beyond the schema."""

    # JSON knows no largest number, so one that no float holds may be said; it is read as infinite, which JSON cannot
    # write as a number, and must not come back from a snapshot as none at all.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, ser_json_inf_nan="strings")


class Fact(Message):
    """Something that is true. Facts are never refused, only flagged; they may come late, twice, and in any order."""


class LineFact(Fact):
    """A fact about one line of the subject whose inbox it is in."""

    line: LineId


class Answer(LineFact):
    """What a worker says after carrying out the command with this business key."""

    key: Key


class Command(Message):
    """An order to one worker. The key makes it one request however often it is delivered."""

    key: Key
    line: LineId


class IrreversibleCommand(Command):
    """An order that cannot be undone, so it is worth nothing after `not_after` (gate rule 3)."""

    not_after: Instant


def type_of(kind: type[Message]) -> str:
    """The CloudEvents type under which messages of this class are said."""
    return str(kind.model_fields["type"].default)


def programme_of(key: Key) -> str:
    """The programme part of a business key."""
    return key.split("/")[0]


def effect_of(key: Key) -> str:
    """The effect part of a business key (`gm/E-0001-1/port/2` gives `port`)."""
    return key.split("/")[2]


def attempt_of(key: Key) -> int:
    """The attempt part of a business key."""
    return int(key.split("/")[3])


def subject_of(line: LineId) -> SubjectId:
    """The subject whose inbox hears of this line: itself, where what is before its last dash is no id (`E-1`).

    Whoever hears of a line is named in the journal, and a record that names nobody is read by nobody.
    """
    end = line.rfind("-")
    return SubjectId(line[:end] if end > len("E-") else line)
