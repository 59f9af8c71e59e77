"""One step of an explored history: a message is taken up or, where none is on its way, time passes."""

from datetime import datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from events.base import Command, Key, LineId, SubjectId, subject_of
from events.control import CommandWithdrawn, OutcomeUnknown, TimeCome, WithdrawalLate
from events.cutover import Withdraw
from events.messages import MessageSent, SendMessage
from events.registry import AnyCommand, AnyFact
from orchestrator import subjects
from orchestrator.decision import Decision
from orchestrator.record import AskState, Holder
from workers.effects.portions import AS_IT_WAS
from workers.inbound.translate import fact_of, subject_for
from workers.providers.reports import Report, Spoken
from workers.verify.asking import carried_out
from workers.verify.befalling import befallen
from workers.verify.choices import Choices, Drawn
from workers.verify.model import Model
from workers.verify.situation import Later, Mail, Origin, Situation, soonest_first
from workers.world import acts
from workers.world import model as worlds
from workers.world.line import ActLine, LineWorld, TruthLine


class Turn(IntEnum):
    """How a step goes otherwise than usual."""

    DRAW = 1  # a draw of the world comes out otherwise
    LOST = 2  # the message never comes
    LATE = 3  # it comes later
    TWICE = 4  # it comes now, and once more later
    UNHEARD = 5  # the counterpart is not reached, and nobody knows
    UNANSWERED = 6  # the counterpart acts, and nobody knows
    DIED = 7  # the worker acts and dies; the command is taken up again later
    BEFALLS = 8  # somebody does something of their own accord


class Deviation(NamedTuple):
    """One thing that goes otherwise in a step."""

    turn: Turn
    number: int = 0
    """Of a draw: which of the step's. Of what befalls: the place of the line."""
    way: int = 1
    span: timedelta = timedelta()
    what: str = ""
    """What befalls, or what is drawn, by name."""


class Stepped(NamedTuple):
    """What came of a step."""

    situation: Situation
    mail: Mail | None
    decision: Decision | None
    truth: tuple[tuple[int, TruthLine | ActLine], ...]
    drawn: tuple[Drawn, ...] = ()
    refusals: tuple[tuple[LineId, str], ...] = ()
    """Whose request the world refused, and with which code."""


class Stepper:
    """Takes steps in one model."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.subjects = {subject: place for place, subject in enumerate(model.subjects)}
        self.lines = {line.line: place for place, line in enumerate(model.lines)}

    def step(self, before: Situation, deviation: Deviation | None = None) -> Stepped | None:
        """What comes of the next step; None where nothing is ahead any more."""
        if deviation is not None and deviation.turn is Turn.BEFALLS:
            after, truth = befallen(self.model, before, deviation.what, deviation.number)
            after = after._replace(still=before.still + 1)
            return Stepped(after, None, None, truth)
        return _Step(self, before, deviation).take()


class _Step:
    """A step while it is taken: the parts of the situation, to be changed."""

    def __init__(self, stepper: Stepper, before: Situation, deviation: Deviation | None) -> None:
        model = stepper.model
        self.stepper = stepper
        self.before = before
        self.deviation = deviation
        self.turn = deviation.turn if deviation else None
        chosen, way = (deviation.number, deviation.way) if deviation and self.turn is Turn.DRAW else (-1, 1)
        self.chances = Choices(0, model.rates, model.hours, chosen=chosen, way=way)
        self.now = before.now
        self.states = list(before.states)
        self.looks = list(before.looks)
        self.worlds = list(before.worlds)
        self.queue = list(before.queue)
        self.later = list(before.later)
        self.truth: list[tuple[int, TruthLine | ActLine]] = []
        self.refusals: list[tuple[LineId, str]] = []
        self.decision: Decision | None = None

    def take(self) -> Stepped | None:
        """The step's outcome; None where nothing is ahead."""
        mail = self.queue.pop(0) if self.queue else None
        if mail is not None:
            self._taken(mail)
        elif not self._pass_time():
            return None
        after = Situation(
            self.now,
            tuple(self.states),
            tuple(self.looks),
            tuple(self._forgotten(world) for world in self.worlds),
            self.before.tails,
            tuple(self.queue),
            tuple(self.later),
            0 if self.now > self.before.now else self.before.still + 1,
        )
        drawn, refusals = tuple(self.chances.drawn), tuple(self.refusals)
        return Stepped(after, mail, self.decision, tuple(self.truth), drawn, refusals)

    def _forgotten(self, world: LineWorld) -> LineWorld:
        """The world without what was asked under keys that are neither on their way nor will be asked again."""
        if not world.answered:
            return world
        mails = (*self.queue, *(held.mail for held in self.later))
        alive = {mail.said.key for mail in mails if isinstance(mail.said, Command)}
        holder = self.states[self.stepper.subjects[world.subject]]
        assert isinstance(holder, Holder)
        asks = holder.lines[world.line].asks.values()
        alive |= {ask.key for ask in asks if ask.state in {AskState.ASKED, AskState.UNKNOWN}}
        kept = tuple(one for one in world.answered if one[0] in alive)
        return world if len(kept) == len(world.answered) else world._replace(answered=kept)

    # A message is taken up.

    def _taken(self, mail: Mail) -> None:
        if self.turn is Turn.LOST:
            if isinstance(mail.said, SendMessage):  # it was sent, and nobody reads it
                self._answer(mail, MessageSent(key=mail.said.key, line=mail.said.line))
        elif self.turn is Turn.LATE:
            self._hold(mail)
        elif isinstance(mail.said, Command):
            self._carry_out(mail, mail.said)
        else:
            if self.turn is Turn.TWICE:
                self._hold(mail)
            self._hear(mail, mail.said)

    def _hold(self, mail: Mail) -> None:
        assert self.deviation is not None
        self.later = list(soonest_first((*self.later, Later(self.now + self.deviation.span, mail))))

    def _hear(self, mail: Mail, fact: AnyFact) -> None:
        place = self.stepper.subjects.get(mail.to)
        if place is None:
            return  # the programme itself, which nothing of a line depends on
        state = subjects.hear(self.states[place], fact, mail.at, now=self.now)
        decision = subjects.decide(state, fact, now=self.now, terms=self.stepper.model.terms)
        self.states[place] = subjects.apply(state, decision, self.now)
        self.looks[place] = decision.look_again_at
        self.decision = decision
        self.queue += [Mail(tell.to, tell.fact, self.now, Origin.TELL) for tell in decision.tells]
        self.queue += [Mail(mail.to, command, self.now, Origin.COMMAND) for command in decision.commands]

    def _carry_out(self, mail: Mail, command: AnyCommand) -> None:
        if isinstance(command, Withdraw):
            self._withdraw(mail, command)
            return
        if self.turn is Turn.UNHEARD:
            self._answer(mail, OutcomeUnknown(key=command.key, line=command.line))
            return
        place = self.stepper.lines[command.line]

        def ask(act: acts.Act, reference: str) -> acts.Answer:
            acted = worlds.act(self.worlds[place], act, reference, self.now, self.chances)
            self.worlds[place] = acted.line
            self._report(place, acted.reports)
            self.truth += [(place, told) for told in acted.truth]
            if acted.answer.code:
                self.refusals.append((command.line, acted.answer.code))
            return acted.answer

        fact = carried_out(command, ask, now=self.now, silent=self.turn is Turn.UNANSWERED)
        if self.turn is Turn.DIED:
            self._hold(mail._replace(doubtful=True))
        elif mail.doubtful and isinstance(fact, AS_IT_WAS):
            self._answer(mail, OutcomeUnknown(key=command.key, line=command.line))
        else:
            self._answer(mail, fact)

    def _answer(self, mail: Mail, fact: AnyFact) -> None:
        assert isinstance(mail.said, Command)
        self.queue.append(Mail(subject_of(mail.said.line), fact, self.now, Origin.ANSWER))

    def _withdraw(self, mail: Mail, command: Withdraw) -> None:
        """A command that still lies with the worker is taken back, unless another may have carried it out before."""
        target = Key(command.target)
        waiting = [held for held in self.later if isinstance(held.mail.said, Command) and held.mail.said.key == target]
        self.later = [held for held in self.later if held not in waiting]
        sure = bool(waiting) and not any(held.mail.doubtful for held in waiting)
        self._answer(mail, (CommandWithdrawn if sure else WithdrawalLate)(key=target, line=command.line))

    # Time passes.

    def _pass_time(self) -> bool:
        ahead = [at for line in self.worlds if (at := worlds.due(line)) is not None]
        ahead += [at for at in self.looks if at is not None]
        ahead += [self.later[0].due] if self.later else []
        if not ahead:
            return False
        self.now = max(self.now, min(ahead))
        for place in range(len(self.worlds)):
            self._happen(place)
        self.queue += [held.mail for held in self.later if held.due <= self.now]
        self.later = [held for held in self.later if held.due > self.now]
        for place, at in enumerate(self.looks):
            if at is not None and at <= self.now:
                self._time_come(place, at)
        return True

    def _happen(self, place: int) -> None:
        at = worlds.due(self.worlds[place])
        if at is None or at > self.now:
            return
        happened = worlds.happen(self.worlds[place], self.now, self.chances)
        self.worlds[place] = happened.line
        self._report(place, happened.reports)
        self.truth += [(place, told) for told in happened.truth]

    def _time_come(self, place: int, due: datetime) -> None:
        self.looks[place] = None
        to: SubjectId = self.stepper.model.subjects[place]
        self.queue.append(Mail(to, TimeCome(due=due), self.now, Origin.CLOCK))

    def _report(self, place: int, reports: tuple[Report, ...]) -> None:
        name = self.stepper.model.lines[place].line
        for report in reports:
            to = subject_for(report, name)
            assert to is not None
            origin = Origin.PERSON if isinstance(report, Spoken) else Origin.REPORT
            self.queue.append(Mail(to, fact_of(report, name), report.at, origin))
