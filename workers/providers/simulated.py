"""The adapter to the simulated world: every port of `ports.py`, spoken over loopback as a real provider would be."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self

import aiohttp
from pydantic import TypeAdapter
from pydantic_core import from_json, to_json

from events.base import Account, Barcode, Dossier, Iccid, Imei, Msisdn
from events.cutover import Heard, Medium, Network
from events.planning import Slot
from workers.providers.ports import Booking, Letter, NoAnswer, PortStatus, Refused
from workers.runtime.unable import UnableToError

TRIES: Final = 200
"""A killed world needs seconds to rebuild itself, and an outcome must not depend on how many."""
PAUSE_SECONDS: Final = 0.3
_STATUS: Final[TypeAdapter[PortStatus]] = TypeAdapter(PortStatus)
_BOOKING: Final[TypeAdapter[Booking]] = TypeAdapter(Booking)
_HEARD: Final[TypeAdapter[tuple[Heard, ...]]] = TypeAdapter(tuple[Heard, ...])
REFUSED: Final = 409
NO_ANSWER: Final = 504


class UnableToSpeakToWorldError(UnableToError):
    """The world did not understand a request."""

    def __init__(self, reference: str, status: int, answer: Mapping[str, Any]) -> None:
        super().__init__(
            f"Not done: {reference}. The simulated world answered {status} ({answer.get('code', 'no code')}) "
            f"to fields {answer.get('fields', [])}: worker and world are of two versions. "
            "Restart both:  naadloos down && naadloos up"
        )


class SimulatedWorld:
    """Provider, SIM desk, carrier, lines, tester and post of the simulated world; also an async context.

    A world that is down or restarts is asked again with the same reference, quietly and a bounded number of times;
    only an answer that the world itself holds back, or that does not come in time, is `NoAnswer`.
    """

    def __init__(self, url: str, *, answer_seconds: float, tries: int = TRIES, pause: float = PAUSE_SECONDS) -> None:
        self._url = url.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=answer_seconds)
        self._tries = tries
        self._pause = pause
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Nothing is opened yet: the first call does that, in the loop that it is made in."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Connections are let go."""
        await self.close()

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=64, keepalive_timeout=60)
            self._session = aiohttp.ClientSession(connector=connector, timeout=self._timeout)
        return self._session

    async def _ask(self, act: str, reference: str, fields: Mapping[str, object], line: str = "") -> Any:  # noqa: ANN401 - the wire
        """The answer's value. Raises `Refused` or `NoAnswer`."""
        url = f"{self._url}/acts/{act}" + (f"?line={line}" if line else "")
        body = to_json(fields)
        for left in reversed(range(self._tries)):
            try:
                return await self._post(url, body, reference)
            except TimeoutError:
                break
            except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError):
                if left:
                    await asyncio.sleep(self._pause)
        raise NoAnswer(act)

    async def _post(self, url: str, body: bytes, reference: str) -> Any:  # noqa: ANN401 - the wire
        headers = {"Idempotency-Key": reference, "Content-Type": "application/json"}
        async with self._connected().post(url, data=body, headers=headers) as response:
            answer = from_json(await response.read())
            if response.status == REFUSED:
                raise Refused(answer["code"], answer.get("note", ""))
            if response.status == NO_ANSWER:
                raise NoAnswer(answer["code"])
            if not response.ok:
                raise UnableToSpeakToWorldError(reference, response.status, answer)
            return answer["value"]

    async def request(
        self, dossier: Dossier, *, number: Msisdn, iccid: Iccid, mandate: str, early_termination: bool, reference: str
    ) -> None:
        """Open a dossier."""
        fields = {"number": number, "iccid": iccid, "mandate": mandate, "early_termination": early_termination}
        await self._ask("request", reference, {"dossier": dossier, **fields})

    async def ask(self, dossier: Dossier, *, reference: str) -> PortStatus:
        """How the dossier stands."""
        return _STATUS.validate_python(await self._ask("ask", reference, {"dossier": dossier}))

    async def cancel(self, dossier: Dossier, *, reference: str) -> None:
        """Withdraw the request."""
        await self._ask("cancel", reference, {"dossier": dossier})

    async def rebind(self, dossier: Dossier, *, iccid: Iccid, reference: str) -> None:
        """Bind the order or the number to another SIM."""
        await self._ask("rebind", reference, {"dossier": dossier, "iccid": iccid})

    async def execute(
        self, dossier: Dossier, *, iccid: Iccid, evidence_at: datetime, not_after: datetime, reference: str
    ) -> None:
        """Begin the port now."""
        times = {"evidence_at": evidence_at, "not_after": not_after}
        await self._ask("execute", reference, {"dossier": dossier, "iccid": iccid, **times})

    async def book(self, dossier: Dossier, *, iccid: Iccid, slot: Slot, reference: str) -> Booking:
        """Put the port into the batch of this slot."""
        return _BOOKING.validate_python(
            await self._ask("book", reference, {"dossier": dossier, "iccid": iccid, "slot": slot})
        )

    async def recall(self, dossier: Dossier, *, reference: str) -> None:
        """Take the port out of the batch."""
        await self._ask("recall", reference, {"dossier": dossier})

    async def activate(self, iccid: Iccid, *, reference: str) -> Msisdn | None:
        """Make the SIM active."""
        number = await self._ask("activate", reference, {"iccid": iccid})
        return Msisdn(number) if number else None

    async def reset(self, iccid: Iccid, *, reference: str) -> None:
        """Set the SIM or profile up again."""
        await self._ask("reset", reference, {"iccid": iccid})

    async def block(self, iccid: Iccid, *, reference: str) -> None:
        """Block a lost SIM."""
        await self._ask("block", reference, {"iccid": iccid})

    async def ship(self, *, iccid: Iccid, imei: Imei | None, to: str, site: str, reference: str) -> Barcode:
        """Send a kit."""
        return Barcode(await self._ask("ship", reference, {"iccid": iccid, "imei": imei, "to": to, "site": site}))

    async def collect(self, *, to: str, iccid: Iccid | None, reference: str) -> None:
        """Have the kit with this SIM sent back or, without one, the old phone and SIM."""
        await self._ask("collect", reference, {"to": to, "iccid": iccid or ""})

    async def set_forward(
        self, network: Network, *, number: Msisdn, iccid: Iccid | None, target: Msisdn, generation: int, reference: str
    ) -> Msisdn | None:
        """Forward when not reachable."""
        fields = {"number": number, "iccid": iccid, "target": target, "generation": generation}
        before = await self._ask("set-forward", reference, {"network": network, **fields})
        return Msisdn(before) if before else None

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
        """Take the forward away, restore the earlier one."""
        fields = {"number": number, "iccid": iccid, "generation": generation, "restore": restore}
        await self._ask("clear-forward", reference, {"network": network, "evidence_at": evidence_at, **fields})

    async def end_old_line(
        self, number: Msisdn, *, approved_by: Account, evidence_at: datetime, reference: str
    ) -> None:
        """End the old line by notice."""
        fields = {"approved_by": approved_by, "evidence_at": evidence_at}
        await self._ask("end-old-line", reference, {"number": number, **fields})

    async def test(
        self, *, iccid: Iccid, number: Msisdn | None, medium: Medium, origins: tuple[str, ...], reference: str
    ) -> tuple[Heard, ...]:
        """Which leg answered, per network of origin."""
        fields = {"number": number, "medium": medium, "origins": origins}
        return _HEARD.validate_python(await self._ask("test", reference, {"iccid": iccid, **fields}))

    async def send(self, letter: Letter) -> bool:
        """The letter is delivered; true when no answer came the first time and it was sent once more."""
        details = [*letter.details.items()]
        fields = {"template": letter.template, "to": letter.to, "task": letter.task, "details": details}
        try:
            await self._ask("send", letter.reference, fields, letter.line)
        except NoAnswer:
            await self._ask("send", letter.reference, fields, letter.line)
            return True
        return False
