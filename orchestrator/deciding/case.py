"""One line before the desks: what is known, the time, the limits, and what the desks decide, collected."""

from datetime import datetime, timedelta
from typing import Final

from events.base import Key, SubjectId, TaskId, attempt_of, nearest_in_a_programme
from events.control import Waivable
from events.cutover import Medium
from events.enrolment import Execution, LineEnrolled, LineKind
from events.messages import Role, SendMessage, Template
from events.outcomes import (
    EndReason,
    IncidentClosed,
    IncidentKind,
    IncidentOpened,
    LineDone,
    LineEnded,
    Outcome,
    Owner,
    TaskClosed,
    TaskKind,
    TaskOpened,
)
from events.registry import AnyCommand, AnyFact
from orchestrator.decision import Because, Decision, Tell
from orchestrator.knowing.dispatch import expected, in_hand
from orchestrator.reasons import Reason
from orchestrator.record import Ask, AskState, Hold, Holder, Line, Task
from orchestrator.terms import Terms

TRIES: Final = 3
PAUSE: Final = timedelta(hours=1)
LONGEST_PAUSE: Final = timedelta(days=1)
WAIVED_BY: Final = 2
"""Accounts that waive a condition together."""
REOPEN_DAYS: Final = 10
REMIND_DAYS: Final = 3
"""Working days after which a task that nobody did is told again: its letter may be lost, or forgotten."""
_ASKED: Final = AskState.ASKED
"""By a name of its own: every decision looks at every ask, and Python 3.11 finds a member five times as slowly."""


class Case:
    """What the desks look at and write on. Lives for one decision; nothing of it is kept."""

    def __init__(self, holder: Holder, line: Line, enrolled: LineEnrolled, *, now: datetime, terms: Terms) -> None:
        self.holder = holder
        self.line = line
        self.enrolled = enrolled
        self.now = now
        self.terms = terms
        self.expected = expected(line)
        """The SIM that is meant for the person."""
        self.in_hand = in_hand(line)
        """That SIM, if it was scanned in the person's hands."""
        self.because: list[Because] = []
        self.outcomes: list[Outcome] = []
        self.commands: list[AnyCommand] = []
        self.tells: list[Tell] = []
        self.look_again_at: datetime | None = None
        self.needed: dict[TaskKind, tuple[Role, Reason]] = {}

    # What is asked of the line in general.

    @property
    def medium(self) -> Medium:
        """How this line is proved to work."""
        match self.enrolled.kind:
            case LineKind.DATA:
                return Medium.ATTACH
            case LineKind.MACHINE:
                return Medium.ALARM
            case LineKind.VOICE | LineKind.SHARED:
                return Medium.VOICE

    @property
    def booked(self) -> bool:
        """Whether the line's provider runs ports in a batch."""
        return self.enrolled.execution is Execution.BOOKED

    @property
    def evidence_limit(self) -> timedelta:
        """How old a proof of this line may be."""
        return self.terms.evidence_for(self.enrolled.critical)

    def holds(self) -> tuple[Hold, ...]:
        """The holds on this line or its subject."""
        return tuple(hold for hold in self.holder.holds if hold.line in {None, self.line.id})

    def held(self) -> bool:
        """Whether a person holds this line or its subject."""
        return bool(self.holds())

    def waived(self, condition: Waivable) -> bool:
        """Whether this condition is waived, which takes two persons: nobody lets a line move on their word alone."""
        return len(self.line.waivers.get(condition, ())) >= WAIVED_BY

    # What the desks write.

    def wait(self, reason: Reason, *, since: datetime | None = None, until: datetime | None = None) -> None:
        """The line waits, for this reason; look again at `until`."""
        until = nearest_in_a_programme(until) if until is not None else None
        self.because.append(Because(reason, self.line.id, since, until))
        if until is not None:
            self.look(until)

    def look(self, at: datetime) -> None:
        """Look again at this time, or earlier."""
        if at > self.now and (self.look_again_at is None or at < self.look_again_at):
            self.look_again_at = nearest_in_a_programme(at)

    def key(self, effect: str, attempt: int) -> Key:
        """The business key of an effect of this line."""
        return Key(f"{self.terms.programme}/{self.line.id}/{effect}/{attempt}")

    def decision(self) -> Decision:
        """What the desks wrote."""
        return Decision(
            because=tuple(self.because),
            outcomes=tuple(self.outcomes),
            commands=tuple(self.commands),
            tells=tuple(self.tells),
            look_again_at=self.look_again_at,
        )

    def order(self, command: AnyCommand) -> None:
        """Order this, once in a decision, whichever desks ask for it."""
        if all(other.key != command.key for other in self.commands):
            self.commands.append(command)

    def tell(self, to: SubjectId, fact: AnyFact) -> None:
        """Say this to another subject."""
        self.tells.append(Tell(to, fact))

    def asked(self, effect: str, about: str | None = None) -> Ask | None:
        """The latest command of this effect, if it was about this."""
        ask = self.line.asks.get(effect)
        return ask if ask and about in {None, ask.about} else None

    def pending(self, effect: str) -> bool:
        """Whether a command of this effect has no answer yet."""
        ask = self.line.asks.get(effect)
        return ask is not None and ask.state is AskState.ASKED

    def ask_again_at(self, ask: Ask) -> datetime:
        """When an outcome that nobody knows is asked for: after a patience, and not before its counterpart is back."""
        at = (ask.answered_at or ask.at) + self.terms.patience
        return max(at, ask.again_at) if ask.again_at else at

    def due(self, effect: str, about: str, *, pause: timedelta = PAUSE, anew: bool = False) -> Key | None:
        """The key under which this effect is to be ordered now, if it is.

        Never while it is asked or done. After an unknown outcome the same key again, since the counterpart then answers
        as it did before, or `anew` another one, where that would be no proof of now, or the request rests on newer
        proof; after a refusal a new attempt, each pause twice the one before, up to a day.
        """
        ask = self.line.asks.get(effect)
        if ask is None or ask.about != about:
            return self.key(effect, ask.attempt + 1 if ask else 1)
        if ask.state in {AskState.ASKED, AskState.DONE}:
            return None
        unknown = ask.state is AskState.UNKNOWN
        longer = min(pause * 2 ** min(ask.tries - 1, 8), LONGEST_PAUSE)
        at = self.ask_again_at(ask) if unknown else (ask.answered_at or ask.at) + longer
        if self.now < at:
            self.look(at)
            return None
        return ask.key if unknown and not anew else self.key(effect, ask.attempt + 1)

    def refused_often(self, effect: str, about: str) -> bool:
        """Whether the counterpart refused this for good, as far as we can tell."""
        ask = self.asked(effect, about)
        return ask is not None and ask.state is not AskState.DONE and ask.tries >= TRIES

    def need(self, kind: TaskKind, role: Role, reason: Reason) -> None:
        """A person has to do something. The task stays open for as long as it is needed."""
        self.needed.setdefault(kind, (role, reason))

    def task(self, kind: TaskKind) -> Task | None:
        """The latest task of this kind."""
        return self.line.tasks.get(kind)

    def task_done_since(self, kind: TaskKind, at: datetime | None) -> datetime | None:
        """When the task of this kind was done, if after `at`: done at that instant, it was about something else."""
        task = self.line.tasks.get(kind)
        return task.done_at if task and task.done_at and (at is None or task.done_at > at) else None

    def write(self, template: Template, about: str, **details: str) -> None:
        """Write to the person, once per what it is about."""
        to = self.holder.enrolled.person if self.holder.enrolled else Role.SUPERUSER
        effect = f"message.{template}"
        ask = self.line.asks.get(effect)
        if ask is not None and ask.about == about and ask.state in {AskState.ASKED, AskState.DONE}:
            return
        key = self.due(effect, about)
        if self.refused_often(effect, about):
            self.need(TaskKind.REACH_PERSON, Role.SUPERUSER, Reason.MESSAGE_REFUSED)
        if key is not None:
            details = {"about": about, **details}
            self.order(SendMessage(key=key, line=self.line.id, template=template, to=to, details=details))

    def incident(self, kind: IncidentKind, owner: Owner) -> None:
        """Somebody may be cut off. Opened once; closed by proof."""
        if kind not in self.line.incidents:
            self.outcomes.append(IncidentOpened(line=self.line.id, kind=kind, owner=owner))

    def settled(self, kind: IncidentKind, at: datetime | None) -> bool:
        """Whether a person saw to this, true at `at`, since the incident was opened: word of it may have come late."""
        opened = self.line.opened.get(kind)
        if opened is None or (at is not None and opened < at and kind not in self.line.incidents):
            return False
        return self.task_done_since(TaskKind.INCIDENT, max(opened, at or opened)) is not None

    def close_incidents(self) -> None:
        """The line is proved to work: every open incident is over."""
        self.outcomes.extend(IncidentClosed(line=self.line.id, kind=kind) for kind in self.line.incidents)
        self.needed.pop(TaskKind.INCIDENT, None)

    def done(self) -> None:
        """The line is moved."""
        self.outcomes.append(LineDone(line=self.line.id))
        self.because.append(Because(Reason.DONE, self.line.id, self.now))

    def end(self, reason: EndReason) -> None:
        """The line needs no move."""
        self.outcomes.append(LineEnded(line=self.line.id, reason=reason))
        self.because.append(Because(Reason.ENDED, self.line.id, self.now))

    def watch_workers(self) -> None:
        """A command that no worker answers is a matter for ops: nothing waits for ever without somebody knowing."""
        limit = self.terms.worker_patience
        if self.commands:
            self.look(self.now + limit)
        for ask in self.line.asks.values():
            if ask.state is not _ASKED:
                continue
            if self.now >= ask.at + limit:
                self.need(TaskKind.CHASE_WORKER, Role.OPS, Reason.UNANSWERED)
            else:
                self.look(ask.at + limit)

    def settle_tasks(self) -> None:
        """Open what is needed and not open, close what is open and not needed."""
        for kind, (role, reason) in self.needed.items():
            self._open(kind, role, reason)
        for kind, task in self.line.tasks.items():
            if task.closed_at is None and kind not in self.needed:
                self.outcomes.append(TaskClosed(line=self.line.id, task=task.id, because="not needed any more"))

    def _open(self, kind: TaskKind, role: Role, reason: Reason) -> None:
        task = self.line.tasks.get(kind)
        if task is not None and task.closed_at is None:
            if task.done_at is None:
                self._remind(kind, role, reason, task)
                return
            again = self.terms.working_days_after(task.done_at, REOPEN_DAYS)
            if self.now < again and not (kind is TaskKind.INCIDENT and self._opens_an_incident()):
                self.look(again)
                return
        if task is not None and task.closed_at is None:
            self.outcomes.append(TaskClosed(line=self.line.id, task=task.id, because="done, and needed again"))
        number = task.number + 1 if task else 1
        name = TaskId(f"{self.line.id}/{kind}/{number}")
        self.outcomes.append(TaskOpened(line=self.line.id, task=name, kind=kind, role=role, because=reason))
        details: dict[str, str] = {"kind": kind, "because": reason}
        self._tell_of_task(self.key(f"task.{kind}", number), role, name, details)

    def _opens_an_incident(self) -> bool:
        """Whether this decision does: whoever saw to an earlier one knows nothing of it."""
        return any(isinstance(outcome, IncidentOpened) for outcome in self.outcomes)

    def _remind(self, kind: TaskKind, role: Role, reason: Reason, task: Task) -> None:
        """A task that is not done is told again: soon where its letter may be lost, and every few working days."""
        told, reminded = self.asked(f"task.{kind}"), self.asked(f"remind.{kind}", task.id)
        lost = told is not None and told.state is AskState.UNKNOWN and attempt_of(told.key) == task.number
        last = reminded.at if reminded else task.opened_at
        at = self.terms.working_days_after(last, REMIND_DAYS)
        if told is not None and lost and not reminded:
            at = self.ask_again_at(told)
        if self.now < at:
            self.look(at)
            return
        before = self.asked(f"remind.{kind}")
        key = self.key(f"remind.{kind}", before.attempt + 1 if before else 1)
        details: dict[str, str] = {"kind": kind, "because": reason, "about": task.id}
        self._tell_of_task(key, role, task.id, details)

    def _tell_of_task(self, key: Key, role: Role, task: TaskId, details: dict[str, str]) -> None:
        self.order(SendMessage(key=key, line=self.line.id, template=Template.TASK, to=role, task=task, details=details))
