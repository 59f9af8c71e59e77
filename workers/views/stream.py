"""The event stream: one line per decision, with what was heard, why it is so, and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from events import control, cutover, dispatch, planning, porting
from events import sim as sims
from events.base import LineFact, LineId, SubjectId
from events.outcomes import IncidentOpened, TaskOpened
from orchestrator.reasons import Reason
from orchestrator.record import Holder
from orchestrator.subjects import State
from workers.journal.record import Entry
from workers.runtime.language import _
from workers.runtime.signs import printable
from workers.views.heard import told
from workers.views.times import exact
from workers.views.words import sentence

EXCEPTIONS: Final = (
    porting.PortInvalid,
    porting.PortBlocked,
    porting.PortDelayed,
    porting.PortErrorFound,
    porting.PortMissedBatch,
    porting.PortLapsed,
    porting.PortReversed,
    porting.NumberDeactivated,
    dispatch.KitLost,
    dispatch.HandoverCorrected,
    sims.SimFailed,
    sims.SimBlocked,
    cutover.ForwardLost,
    cutover.ReportedUnreachable,
    planning.PersonMissedSlot,
    planning.SlotsAdded,
    planning.WavePaused,
    planning.WaveStopped,
    control.Held,
    control.Waived,
    control.CommandRefused,
    control.CommandLapsed,
    control.WithdrawalLate,
    control.OutcomeUnknown,
    control.ReportUnrouted,
    control.ReportDismissed,
    control.LetterOpened,
    control.LettersRedriven,
    control.LettersDismissed,
    control.ActBegun,
    control.PartySilent,
    control.PartyAnswers,
)
"""What does not happen on a good day."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where a decision belongs: its line, where it is about one, and that line's wave and department."""

    line: LineId | None
    wave: SubjectId | None
    department: str


def where(entry: Entry, state: State | None) -> Where:
    """The decision's place, by what is known of its subject after it."""
    return place(entry.subject, _line(entry), state)


def place(subject: SubjectId, line: LineId | None, state: State | None) -> Where:
    """Where this line, or the whole subject, belongs."""
    if subject.startswith("W-"):
        return Where(line, subject, "")
    if not isinstance(state, Holder):
        return Where(line, None, "")
    known = [state.lines[line]] if line and line in state.lines else list(state.lines.values())
    wave = next((found.plan.wave for found in known if found.plan.wave), None)
    return Where(line, wave, state.enrolled.department if state.enrolled else "")


def _line(entry: Entry) -> LineId | None:
    fact = entry.heard.message if entry.heard else None
    if isinstance(fact, LineFact):
        return fact.line
    named = getattr(fact, "line", None)
    return LineId(named) if named else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which decisions are shown. What is empty lets everything through."""

    employee: str = ""
    wave: str = ""
    department: str = ""
    reason: str = ""
    exceptions: bool = False
    since: datetime | None = None
    place: tuple[int, int] | None = None
    """A partition and the first position of it; decisions of other partitions are left out."""

    def lets(self, entry: Entry, at: Where, partition: int) -> bool:
        """Whether this decision is shown."""
        subject_wanted = self.employee in {"", entry.subject, at.line or "", *_told_of(entry)}
        return (
            subject_wanted
            and (not self.wave or self.wave == at.wave)
            and (not self.department or self.department.casefold() in at.department.casefold())
            and (not self.reason or any(because.reason == self.reason for because in entry.decision.because))
            and (not self.exceptions or exceptional(entry))
            and (self.since is None or entry.at >= self.since)
            and (self.place is None or (partition == self.place[0] and entry.link.offset >= self.place[1]))
        )


def _told_of(entry: Entry) -> tuple[str, ...]:
    """Those about whom a wave, roster or stock hears: their asks belong to their own story as well."""
    line = _line(entry)
    return (line.rsplit("-", 1)[0],) if line else ()


def exceptional(entry: Entry) -> bool:
    """Whether a person may have to look: something went otherwise than planned, or somebody got a task."""
    if entry.unread is not None or (entry.heard is not None and isinstance(entry.heard.message, EXCEPTIONS)):
        return True
    return any(isinstance(outcome, IncidentOpened | TaskOpened) for outcome in entry.decision.outcomes)


def line_of(entry: Entry, at: Where) -> str:
    """The decision as one line: time, who, wave and department, what was heard, why, what follows."""
    head = f"{exact(entry.at)}  {at.line or entry.subject:<10} {_place(at):<24.24}  {heard(entry)}"
    return "".join((head, *(f"  → {why}" for why in reasons(entry, at)[:2]), *(f"  ⇒ {act}" for act in follows(entry))))


def heard(entry: Entry) -> str:
    """What was heard, or why it could not be."""
    if entry.unread is not None:
        return _("UNREAD ({reason}): {detail}").format(reason=entry.unread.reason, detail=entry.unread.detail)
    said = told(entry.heard.message, at=entry.at) if entry.heard else ""
    return _("{heard} (heard before)").format(heard=said) if entry.duplicate else said


def reasons(entry: Entry, at: Where) -> list[str]:
    """Why it is as it is, of the line that the decision is about; without what says nothing."""
    about = [b for b in entry.decision.because if at.line is None or b.line in {None, at.line}]
    return list(dict.fromkeys(sentence(b.reason) for b in about if b.reason not in _SAY_NOTHING))


_SAY_NOTHING: Final = frozenset({Reason.NOTHING_TO_DO, Reason.DUPLICATE, Reason.UNREAD, Reason.GRANTED})


def follows(entry: Entry) -> list[str]:
    """What the decision made true, ordered, and said to others."""
    decision = entry.decision
    acts = [told(act, at=entry.at) for act in (*decision.outcomes, *decision.commands)]
    others = sorted({str(tell.to) for tell in decision.tells})
    if len(others) > 3:  # noqa: PLR2004 - more do not fit on the line
        return [*acts, _("tells {count} others").format(count=len(others))]
    return [*acts, *(_("tells {who}: {what}").format(who=t.to, what=told(t.fact, at=entry.at)) for t in decision.tells)]


def _place(at: Where) -> str:
    return printable(" ".join(part for part in (at.wave or "", at.department) if part))


def as_json(entry: Entry, at: Where, partition: int) -> dict[str, Any]:
    """The decision for other programs: one flat object with the messages as they stand in the journal."""
    said = entry.heard
    return {
        "at": entry.at.isoformat(),
        "position": f"{partition}/{entry.link.offset}",
        "subject": entry.subject,
        "line": at.line,
        "wave": at.wave,
        "department": at.department or None,
        "heard": said.message.model_dump(mode="json") if said else None,
        "true_at": said.time.isoformat() if said else None,
        "known_at": said.recorded.isoformat() if said else None,
        "actor": (said.actor or None) if said else None,
        "duplicate": entry.duplicate,
        "unread": entry.unread.model_dump() if entry.unread else None,
        "exception": exceptional(entry),
        "because": [
            {"reason": b.reason, "line": b.line, "since": b.since.isoformat() if b.since else None}
            for b in entry.decision.because
        ],
        "outcomes": [outcome.model_dump(mode="json") for outcome in entry.decision.outcomes],
        "commands": [command.model_dump(mode="json") for command in entry.decision.commands],
        "tells": [{"to": tell.to, "fact": tell.fact.model_dump(mode="json")} for tell in entry.decision.tells],
        "look_again_at": entry.decision.look_again_at.isoformat() if entry.decision.look_again_at else None,
    }
