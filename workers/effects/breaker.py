"""Circuit breakers, one per party that is asked: who answers nobody is left alone for a while, then asked once.

They go by the programme's clock, so that a rehearsal ends the same however fast the machine is. What is told off has
not been asked, and comes back at a time of its own, so that a party that is back is not met by everybody at once.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, assert_never

from events.base import IrreversibleCommand
from events.control import CommandLapsed, OutcomeUnknown, Party, PartyAnswers, PartySilent
from events.cutover import (
    BookPort,
    ClearForward,
    EndOldLine,
    ExecutePort,
    RecallPort,
    SetForward,
    TestReachability,
)
from events.dispatch import CollectKit, ShipKit
from events.messages import SendMessage
from events.porting import AskPort, CancelPort, RebindPort, RequestPort
from events.registry import AnyFact, DispatchCommand, PortingCommand
from events.sim import ActivateSim, BlockSim, ResetSim
from workers.effects.cutover import CutoverAct
from workers.runtime.clock import Clock
from workers.runtime.metrics import BreakerState

Act = PortingCommand | DispatchCommand | CutoverAct | SendMessage
"""Every command that is carried out outside."""
LONGEST: Final = 12
"""So many times the first pause is the longest one."""


@dataclass(frozen=True)
class Patience:
    """When a party counts as silent, and how it is come back to. Durations by the programme's clock."""

    silences: int = 5
    """In a row; each is two tries of one command."""
    pause: timedelta = timedelta(minutes=5)
    """After which it is asked once; doubled while that one gets no answer either, up to twelve times as long."""
    resumed_per_minute: int = 60
    """So many of those who were told off come back in a minute."""


@dataclass
class Breaker:
    """What one process knows of one party."""

    party: Party
    clock: Clock
    patience: Patience
    tell: Callable[[PartySilent | PartyAnswers], None]
    _silences: int = 0
    _since: datetime | None = None
    _pause: timedelta = timedelta()
    _until: datetime | None = None
    _probing: bool = False
    _told_off: int = 0
    _known_to_answer: bool = False
    """Whether this process told that it answers. One before it may have told that it does not, and died."""

    @property
    def state(self) -> BreakerState:
        """In one word."""
        if self._until is None:
            return "closed"
        return "open" if self.clock.now() < self._until else "half-open"

    def back_at(self) -> datetime | None:
        """When to come back, where the party is not to be asked now; None when it is."""
        if self._until is None:
            return None
        now = self.clock.now()
        if now >= self._until and not self._probing:
            self._probing = True
            return None
        self._told_off += 1
        return max(self._until, now) + timedelta(minutes=self._told_off / self.patience.resumed_per_minute)

    def answered(self) -> None:
        """It answered, be it with a no."""
        if self._until is not None or not self._known_to_answer:
            self.tell(PartyAnswers(party=self.party))
        self._known_to_answer = True
        self._silences, self._since, self._until, self._probing, self._told_off = 0, None, None, False, 0

    def let_go(self) -> None:
        """It was not asked after all: the next one is."""
        self._probing = False

    def silent(self) -> None:
        """It did not answer."""
        now = self.clock.now()
        self._since, self._silences = self._since or now, self._silences + 1
        if self._probing:
            self._pause = min(self._pause * 2, self.patience.pause * LONGEST)
        elif self._until is None and self._silences >= self.patience.silences:
            self._pause = self.patience.pause
            self.tell(PartySilent(party=self.party, since=self._since))
        else:
            return
        self._until, self._probing, self._told_off = now + self._pause, False, 0


@dataclass
class Breakers:
    """The breakers of one process, and what they have to tell the programme."""

    clock: Clock
    patience: Patience = field(default_factory=Patience)
    _by_party: dict[Party, Breaker] = field(default_factory=dict)
    _news: list[PartySilent | PartyAnswers] = field(default_factory=list)

    def of(self, party: Party) -> Breaker:
        """The breaker of this party."""
        if party not in self._by_party:
            self._by_party[party] = Breaker(party, self.clock, self.patience, self._news.append)
        return self._by_party[party]

    def told_off(self, command: Act) -> AnyFact | None:
        """The answer to a command whose party is left alone just now: it was not asked. None when it may be asked.

        A recall is always tried: what takes back must not wait for anybody's patience.
        """
        if isinstance(command, RecallPort):
            return None
        back_at = self.of(party_of(command)).back_at()
        if back_at is None:
            return None
        if isinstance(command, IrreversibleCommand):
            return CommandLapsed(key=command.key, line=command.line)
        return OutcomeUnknown(key=command.key, line=command.line, again_at=back_at)

    def heard(self, command: Act, fact: AnyFact) -> None:
        """What came of asking: an answer, or none."""
        breaker = self.of(party_of(command))
        if isinstance(fact, OutcomeUnknown):
            breaker.silent()
        elif isinstance(fact, CommandLapsed):
            breaker.let_go()
        else:
            breaker.answered()

    def states(self) -> dict[Party, BreakerState]:
        """How it is with everybody who was asked so far, now: an open breaker is half-open once its pause is over."""
        return {party: breaker.state for party, breaker in list(self._by_party.items())}

    def failed(self, command: Act) -> None:
        """Our own code failed at it, which says nothing of the party."""
        self.of(party_of(command)).let_go()

    def news(self) -> Iterator[PartySilent | PartyAnswers]:
        """What the programme has not been told yet."""
        while self._news:
            yield self._news.pop(0)


def party_of(command: Act) -> Party:
    """Whom this command is for."""
    match command:
        case RequestPort() | AskPort() | CancelPort() | RebindPort() | ExecutePort() | BookPort() | RecallPort():
            return Party.PORTING_DESK
        case ActivateSim() | ResetSim() | BlockSim():
            return Party.SIM_DESK
        case ShipKit() | CollectKit():
            return Party.CARRIER
        case SetForward() | ClearForward() | EndOldLine():
            return Party.NETWORKS
        case TestReachability():
            return Party.TESTER
        case SendMessage():
            return Party.POST
        case _:
            assert_never(command)
