"""What stands outside in a run: the clock, the adapter to the simulated world, letters without words."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final
from urllib.parse import parse_qs, urlparse

from pydantic_core import from_json, to_json

from tests.simulation.wishes import Wishes
from workers.effects.breaker import Breakers
from workers.effects.parties import Parties
from workers.providers.ports import NoAnswer, Refused
from workers.providers.simulated import SimulatedWorld
from workers.verify.asking import PlainWriter, StoppedClock
from workers.world.server import World


def drawn(*what: object) -> float:
    """A number in [0, 1) that belongs to these words."""
    return int.from_bytes(blake2b("\0".join(map(str, what)).encode(), digest_size=8).digest()) / 2.0**64


DESK: Final = frozenset({"request", "ask", "cancel", "rebind", "execute", "book", "recall"})
"""What the porting desk is asked."""


class Loopback(SimulatedWorld):
    """The adapter to the simulated world, without a wire; now and then it hears no answer."""

    def __init__(self, world: World, clock: StoppedClock, wishes: Wishes) -> None:
        super().__init__("http://in-process", answer_seconds=1)
        self._world = world
        self._clock = clock
        self._wishes = wishes
        self._asked: Counter[str] = Counter()
        self.refusals: Counter[tuple[str, str]] = Counter()
        self.hush: tuple[datetime, datetime] | None = None
        """While the porting desk does what it is asked, and answers nobody and reports nothing."""

    def hushed(self) -> bool:
        """Whether the porting desk is silent now."""
        return self.hush is not None and self.hush[0] <= self._clock.now() < self.hush[1]

    async def _post(self, url: str, body: bytes, reference: str) -> Any:  # noqa: ANN401 - as the adapter has it
        parsed = urlparse(url)
        name = parsed.path.rsplit("/", 1)[1]
        line = parse_qs(parsed.query).get("line", [""])[0] or reference.split("/")[1]
        answer = self._world.act(name, body, reference=reference, line=line, at=self._clock.now())
        self._asked[reference] += 1
        if self.hushed() and name in DESK:
            raise NoAnswer(name)
        if answer.silent or (self._asked[reference] <= 2 and drawn(self._wishes.seed, reference) < self._wishes.deaf):
            raise NoAnswer(name)
        if answer.code:
            self.refusals[name, answer.code] += 1
            raise Refused(answer.code, answer.note)
        return from_json(to_json(answer.value))


def parties_of(io: SimulatedWorld, clock: StoppedClock) -> Parties:
    return Parties(
        numbers=io,
        sims=io,
        carrier=io,
        lines=io,
        tester=io,
        post=io,
        writer=PlainWriter(),
        clock=clock,
        breakers=Breakers(clock),
    )
