"""Counterparts that keep everything in memory: each answers as it is told, and remembers what it was asked."""

# ruff: noqa: ARG002 - a fake takes all that its port is given and needs little of it
from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from events.base import Account, Barcode, Dossier, Iccid, Imei, Msisdn
from events.cutover import Heard, Leg, Medium, Network
from events.messages import SendMessage
from events.planning import Slot
from events.porting import PortState
from workers.providers.ports import Booking, Letter, PortStatus

TEMPORARY = Msisdn("+31612345000")
BARCODE = Barcode("3SNAAD0001")


@dataclass
class FakeClock:
    """A clock that stands still until moved."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass
class FakeWorld:
    """All counterparts in one. `moods` holds what the next calls raise; None: that call is answered."""

    moods: deque[Exception | None] = field(default_factory=deque)
    asked: list[tuple[str, str]] = field(default_factory=list)
    """The name of each call and its reference, in order."""
    letters: list[Letter] = field(default_factory=list)
    before: Msisdn | None = None

    def will(self, *moods: Exception | None) -> FakeWorld:
        """What the next calls meet with."""
        self.moods.extend(moods)
        return self

    def calls(self) -> list[str]:
        """The names of the calls, in order."""
        return [name for name, _ in self.asked]

    async def leave(self) -> None:
        """There is no connection to let go of."""

    def _ask(self, name: str, reference: str) -> None:
        self.asked.append((name, reference))
        mood = self.moods.popleft() if self.moods else None
        if mood is not None:
            raise mood

    async def request(
        self, dossier: Dossier, *, number: Msisdn, iccid: Iccid, mandate: str, early_termination: bool, reference: str
    ) -> None:
        self._ask("request", reference)

    async def ask(self, dossier: Dossier, *, reference: str) -> PortStatus:
        self._ask("ask", reference)
        return PortStatus(state=PortState.ACCEPTED)

    async def cancel(self, dossier: Dossier, *, reference: str) -> None:
        self._ask("cancel", reference)

    async def rebind(self, dossier: Dossier, *, iccid: Iccid, reference: str) -> None:
        self._ask("rebind", reference)

    async def execute(
        self, dossier: Dossier, *, iccid: Iccid, evidence_at: datetime, not_after: datetime, reference: str
    ) -> None:
        self._ask("execute", reference)

    async def book(self, dossier: Dossier, *, iccid: Iccid, slot: Slot, reference: str) -> Booking:
        self._ask("book", reference)
        return Booking(runs_at=slot.start, recall_until=slot.start)

    async def recall(self, dossier: Dossier, *, reference: str) -> None:
        self._ask("recall", reference)

    async def activate(self, iccid: Iccid, *, reference: str) -> Msisdn | None:
        self._ask("activate", reference)
        return TEMPORARY

    async def reset(self, iccid: Iccid, *, reference: str) -> None:
        self._ask("reset", reference)

    async def block(self, iccid: Iccid, *, reference: str) -> None:
        self._ask("block", reference)

    async def ship(self, *, iccid: Iccid, imei: Imei | None, to: str, site: str, reference: str) -> Barcode:
        self._ask("ship", reference)
        return BARCODE

    async def collect(self, *, to: str, iccid: Iccid | None, reference: str) -> None:
        self._ask("collect", reference)

    async def set_forward(
        self, network: Network, *, number: Msisdn, iccid: Iccid | None, target: Msisdn, generation: int, reference: str
    ) -> Msisdn | None:
        self._ask("set_forward", reference)
        return self.before

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
        self._ask("clear_forward", reference)

    async def end_old_line(
        self, number: Msisdn, *, approved_by: Account, evidence_at: datetime, reference: str
    ) -> None:
        self._ask("end_old_line", reference)

    async def test(
        self, *, iccid: Iccid, number: Msisdn | None, medium: Medium, origins: Iterable[str], reference: str
    ) -> tuple[Heard, ...]:
        self._ask("test", reference)
        return tuple(Heard(origin=origin, leg=Leg.HANDSET) for origin in origins)

    async def send(self, letter: Letter) -> bool:
        self._ask("send", letter.reference)
        self.letters.append(letter)
        return False


class FakeWriter:
    """Writes the same few words to everybody."""

    async def write(self, command: SendMessage) -> Letter:
        return Letter(
            reference=command.key,
            template=command.template,
            line=command.line,
            address="reader@naadloos.invalid",
            title="Title",
            body="Body",
            to=command.to,
        )
