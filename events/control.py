"""What steers: time, people's holds and waivers, and what workers answer when a command did not simply succeed."""

from enum import StrEnum
from typing import Literal

from events.base import Account, Answer, Fact, Instant, LetterId, LineFact, TaskId


class Held(Fact):
    """A person stops everything irreversible for this subject, or for one line of it."""

    type: Literal["nl.naadloos.control.held.v1"] = "nl.naadloos.control.held.v1"
    line: str | None = None
    why: str
    by: Account


class Released(Fact):
    """A person lifts the holds."""

    type: Literal["nl.naadloos.control.released.v1"] = "nl.naadloos.control.released.v1"
    line: str | None = None
    why: str
    by: Account


class Waivable(StrEnum):
    """The conditions that a person may waive. What proves that a line works is not among them."""

    PERSON_CONFIRMED = "person_confirmed"
    ROSTER_FREE = "roster_free"
    SECOND_MEDIUM = "second_medium"
    WAVE_RUNNING = "wave_running"


class Waived(LineFact):
    """A person waives one condition of the gate for this line; for a critical line it takes two accounts."""

    type: Literal["nl.naadloos.control.waived.v1"] = "nl.naadloos.control.waived.v1"
    condition: Waivable
    why: str
    by: Account


class TaskDone(LineFact):
    """A person did what a task asked, where no fact of its own says so."""

    type: Literal["nl.naadloos.control.task-done.v1"] = "nl.naadloos.control.task-done.v1"
    task: TaskId
    by: Account
    note: str = ""


class TimeCome(Fact):
    """The time to look again has come. Said by the clock, since decisions read none."""

    type: Literal["nl.naadloos.control.time-come.v1"] = "nl.naadloos.control.time-come.v1"
    due: Instant


class LetterOpened(Fact):
    """A worker could not read a command to this subject, or failed at it in a way that nobody foresaw."""

    type: Literal["nl.naadloos.control.letter-opened.v1"] = "nl.naadloos.control.letter-opened.v1"
    letter: LetterId
    reason: str
    detail: str


class LettersRedriven(Fact):
    """A person had these dead letters of the subject taken up again: they hold back nothing more.

    What they said was heard before this, where today's code can read it; with this the subject is decided anew.
    """

    type: Literal["nl.naadloos.control.letters-redriven.v1"] = "nl.naadloos.control.letters-redriven.v1"
    letters: tuple[LetterId, ...]
    act: str
    why: str
    by: Account


class LettersDismissed(Fact):
    """A person looked at these dead letters of the subject: what they said is of no account, or was said otherwise."""

    type: Literal["nl.naadloos.control.letters-dismissed.v1"] = "nl.naadloos.control.letters-dismissed.v1"
    letters: tuple[LetterId, ...]
    act: str
    why: str
    by: Account


class CommandDone(Answer):
    """The counterpart took the order and did it, or began to."""

    type: Literal["nl.naadloos.control.command-done.v1"] = "nl.naadloos.control.command-done.v1"


class CommandRefused(Answer):
    """The counterpart said no; nothing was done."""

    type: Literal["nl.naadloos.control.command-refused.v1"] = "nl.naadloos.control.command-refused.v1"
    code: str
    note: str = ""


class CommandLapsed(Answer):
    """The worker looked at `not_after` right before the act: it was past, so nothing was done."""

    type: Literal["nl.naadloos.control.command-lapsed.v1"] = "nl.naadloos.control.command-lapsed.v1"


class CommandWithdrawn(Answer):
    """The command with this key was taken back before it was carried out; nothing was done."""

    type: Literal["nl.naadloos.control.command-withdrawn.v1"] = "nl.naadloos.control.command-withdrawn.v1"


class WithdrawalLate(Answer):
    """The command that was to be taken back may be under way: its outcome must be asked for."""

    type: Literal["nl.naadloos.control.withdrawal-late.v1"] = "nl.naadloos.control.withdrawal-late.v1"


class OutcomeUnknown(Answer):
    """The counterpart did not answer in time. It may have acted: ask, do not send again blindly."""

    type: Literal["nl.naadloos.control.outcome-unknown.v1"] = "nl.naadloos.control.outcome-unknown.v1"
    again_at: Instant | None = None
    """Not before this: the counterpart answers nobody, and those who wait come back one after the other."""


class ReportUnrouted(Fact):
    """A report came that matches nobody. Said to the programme; offered again when the directory changes."""

    type: Literal["nl.naadloos.control.report-unrouted.v1"] = "nl.naadloos.control.report-unrouted.v1"
    source: str
    reference: str
    kind: str


class ReportRouted(Fact):
    """A report that matched nobody before has found its line."""

    type: Literal["nl.naadloos.control.report-routed.v1"] = "nl.naadloos.control.report-routed.v1"
    source: str
    reference: str
    kind: str


class ReportDismissed(Fact):
    """A report that matches nobody waits no longer: a person has seen to it, it is of no account, or too many wait."""

    type: Literal["nl.naadloos.control.report-dismissed.v1"] = "nl.naadloos.control.report-dismissed.v1"
    source: str
    reference: str
    why: str
    by: Account


class ActBegun(Fact):
    """Somebody of ops begins to act on the system itself: a redrive, a rebuild, offsets set, a restore."""

    type: Literal["nl.naadloos.control.act-begun.v1"] = "nl.naadloos.control.act-begun.v1"
    act: str
    kind: str
    what: str
    why: str
    by: Account


class ActEnded(Fact):
    """What came of an act of ops: how many were done, failed still, were skipped or undecided; whether it was stopped.

    Undecided is what was said, and what no decider had decided yet when the act ended.
    """

    type: Literal["nl.naadloos.control.act-ended.v1"] = "nl.naadloos.control.act-ended.v1"
    act: str
    done: int
    failed: int = 0
    skipped: int = 0
    undecided: int = 0
    stopped: bool = False
    by: Account


class Party(StrEnum):
    """Whom effect workers ask: one name for each that can fall silent by itself."""

    PORTING_DESK = "porting-desk"
    SIM_DESK = "sim-desk"
    CARRIER = "carrier"
    NETWORKS = "networks"
    TESTER = "tester"
    POST = "post"


class PartySilent(Fact):
    """A party answered nothing several times in a row: it is left alone for a while."""

    type: Literal["nl.naadloos.control.party-silent.v1"] = "nl.naadloos.control.party-silent.v1"
    party: Party
    since: Instant


class PartyAnswers(Fact):
    """A party answers: it was silent, or the worker that asked it was only just started and knows nothing of before."""

    type: Literal["nl.naadloos.control.party-answers.v1"] = "nl.naadloos.control.party-answers.v1"
    party: Party


class ProgrammeOpened(Fact):
    """The programme begins: until when the old contract runs."""

    type: Literal["nl.naadloos.control.programme-opened.v1"] = "nl.naadloos.control.programme-opened.v1"
    title: str
    contract_ends: Instant


AnswerFact = CommandDone | CommandRefused | CommandLapsed | CommandWithdrawn | WithdrawalLate | OutcomeUnknown
LetterFact = LetterOpened | LettersRedriven | LettersDismissed
ControlFact = Held | Released | Waived | TaskDone | TimeCome | LetterFact
ProgrammeFact = (
    ReportUnrouted | ReportRouted | ReportDismissed | ProgrammeOpened | ActBegun | ActEnded | PartySilent | PartyAnswers
)
