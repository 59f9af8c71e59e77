"""Effect workers without a wire: the real effects carry a command out at the world's model, and answer at once."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from events.base import Account, Barcode, Dossier, Iccid, Imei, Msisdn
from events.cutover import Heard, Medium, Network
from events.messages import SendMessage
from events.planning import Slot
from events.registry import AnyFact
from workers.effects.breaker import Act as Command
from workers.effects.breaker import Breakers
from workers.effects.parties import Parties
from workers.providers.ports import Booking, Letter, NoAnswer, PortStatus, Refused
from workers.world import acts

Ask = Callable[[acts.Act, str], acts.Answer]
"""What the world answers to this act under this reference."""


@dataclass(slots=True)
class StoppedClock:
    """The programme's time in one step."""

    at: datetime

    def now(self) -> datetime:
        """The time of the step."""
        return self.at


class PlainWriter:
    """Letters without words: in this world only their template and details matter."""

    async def write(self, command: SendMessage) -> Letter:
        """The letter, addressed to nobody by name."""
        details = dict(command.details)
        return Letter(
            command.key,
            command.template,
            command.line,
            address="",
            title="",
            body="",
            task=command.task or "",
            to=command.to,
            details=details,
        )


WRITER: Final = PlainWriter()


@dataclass(slots=True)
class Counterparts:
    """Every port of `workers/providers/ports.py`, fulfilled by the world's model; silent where nobody is to hear."""

    ask_: Ask
    silent: bool = False

    def _value(self, act: acts.Act, reference: str) -> Any:  # noqa: ANN401 - each port knows its own
        answer = self.ask_(act, reference)
        if self.silent:
            raise NoAnswer(act.name)
        if answer.code:
            raise Refused(answer.code, answer.note)
        return answer.value

    async def request(
        self, dossier: Dossier, *, number: Msisdn, iccid: Iccid, mandate: str, early_termination: bool, reference: str
    ) -> None:
        """Open a dossier."""
        self._value(acts.Request(dossier, number, iccid, mandate, early_termination), reference)

    async def ask(self, dossier: Dossier, *, reference: str) -> PortStatus:
        """How the dossier stands."""
        status: PortStatus = self._value(acts.Ask(dossier), reference)
        return status

    async def cancel(self, dossier: Dossier, *, reference: str) -> None:
        """Withdraw the request."""
        self._value(acts.Cancel(dossier), reference)

    async def rebind(self, dossier: Dossier, *, iccid: Iccid, reference: str) -> None:
        """Bind the order or the number to another SIM."""
        self._value(acts.Rebind(dossier, iccid), reference)

    async def execute(
        self, dossier: Dossier, *, iccid: Iccid, evidence_at: datetime, not_after: datetime, reference: str
    ) -> None:
        """Begin the port now."""
        self._value(acts.Execute(dossier, iccid, evidence_at, not_after), reference)

    async def book(self, dossier: Dossier, *, iccid: Iccid, slot: Slot, reference: str) -> Booking:
        """Put the port into the batch of this slot."""
        booking: Booking = self._value(acts.Book(dossier, iccid, slot), reference)
        return booking

    async def recall(self, dossier: Dossier, *, reference: str) -> None:
        """Take the port out of the batch."""
        self._value(acts.Recall(dossier), reference)

    async def activate(self, iccid: Iccid, *, reference: str) -> Msisdn | None:
        """Make the SIM active."""
        number: Msisdn | None = self._value(acts.Activate(iccid), reference)
        return number

    async def reset(self, iccid: Iccid, *, reference: str) -> None:
        """Set the SIM up again."""
        self._value(acts.Reset(iccid), reference)

    async def block(self, iccid: Iccid, *, reference: str) -> None:
        """Block a lost SIM."""
        self._value(acts.Block(iccid), reference)

    async def ship(self, *, iccid: Iccid, imei: Imei | None, to: str, site: str, reference: str) -> Barcode:
        """Send a kit."""
        code: Barcode = self._value(acts.Ship(iccid, imei, to, site), reference)
        return code

    async def collect(self, *, to: str, iccid: Iccid | None, reference: str) -> None:
        """Have a kit sent back."""
        self._value(acts.Collect(to, iccid or ""), reference)

    async def set_forward(
        self, network: Network, *, number: Msisdn, iccid: Iccid | None, target: Msisdn, generation: int, reference: str
    ) -> Msisdn | None:
        """Forward when not reachable."""
        before: Msisdn | None = self._value(acts.SetForward(network, number, iccid, target, generation), reference)
        return before

    async def clear_forward(
        self,
        network: Network,
        *,
        number: Msisdn,
        iccid: Iccid | None,
        generation: int,
        restore: Msisdn | None,
        evidence_at: datetime,
        reference: str,
    ) -> None:
        """Take the forward of this generation away."""
        self._value(acts.ClearForward(network, number, iccid, generation, restore, evidence_at), reference)

    async def end_old_line(
        self, number: Msisdn, *, approved_by: Account, evidence_at: datetime, reference: str
    ) -> None:
        """End the old line by notice."""
        self._value(acts.EndOldLine(number, approved_by, evidence_at), reference)

    async def test(
        self, *, iccid: Iccid, number: Msisdn | None, medium: Medium, origins: tuple[str, ...], reference: str
    ) -> tuple[Heard, ...]:
        """Which leg answered."""
        heard: tuple[Heard, ...] = self._value(acts.Test(iccid, number, medium, origins), reference)
        return heard

    async def send(self, letter: Letter) -> bool:
        """Send the letter."""
        details = tuple(letter.details.items())
        return bool(self._value(acts.Send(letter.template, letter.to, letter.task, details), letter.reference))


def carried_out(command: Command, ask: Ask, *, now: datetime, silent: bool = False) -> AnyFact:
    """What the effect worker answers to this command, now; with `silent`, whoever it asks acts and answers nothing."""
    world, clock = Counterparts(ask, silent), StoppedClock(now)
    parties = Parties(
        numbers=world,
        sims=world,
        carrier=world,
        lines=world,
        tester=world,
        post=world,
        writer=WRITER,
        clock=clock,
        breakers=Breakers(clock),
    )
    return _at_once(parties.asked(command))


def _at_once(effect: Coroutine[Any, Any, AnyFact]) -> AnyFact:
    """What the effect comes to. Nothing in it waits, since whom it asks answers in the same process."""
    try:
        effect.send(None)
    except StopIteration as ended:
        fact: AnyFact = ended.value
        return fact
    effect.close()
    message = "an effect waited for something that is not in this process"
    raise AssertionError(message)
