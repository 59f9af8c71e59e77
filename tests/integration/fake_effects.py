"""An effect worker process whose counterparts are the fakes: `python fake_effects.py KINDS`, settings as always."""

from __future__ import annotations

import sys

from events.base import LineId
from events.registry import AnyFact
from tests.fakes import FakeWorld, FakeWriter
from workers.effects.breaker import Act, Breakers
from workers.effects.parties import Parties
from workers.effects.people import PeopleFollowed
from workers.effects.running import run
from workers.effects.settings import EffectSettings
from workers.runtime.clock import SystemClock
from workers.runtime.log import configure

POISON = LineId("E-0666-1")


class FlawedParties(Parties):
    """Parties whose code fails at the commands of one line."""

    async def carry_out(self, command: Act) -> AnyFact:
        if command.line == POISON:
            raise ZeroDivisionError
        return await super().carry_out(command)


if __name__ == "__main__":
    settings = EffectSettings()
    world = FakeWorld()
    configure(worker="effects", file=settings.log_file)
    parties = FlawedParties(
        numbers=world,
        sims=world,
        carrier=world,
        lines=world,
        tester=world,
        post=world,
        writer=FakeWriter(),
        clock=SystemClock(),
        breakers=Breakers(SystemClock()),
    )
    run(sys.argv[1].split(","), settings, parties=parties, people=PeopleFollowed(settings), leave=world.leave)
