"""How any counterpart is asked: once, quickly once more when no answer comes, and always ending in a fact."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from events.base import Command, IrreversibleCommand
from events.control import CommandLapsed, CommandRefused, OutcomeUnknown
from workers.providers.ports import NoAnswer, Refused
from workers.runtime.clock import Clock

F = TypeVar("F")
TRIES: Final = 2
"""The ask itself and one quick retry under the same reference. Every longer wait is the orchestrator's to decide."""

NOTE_LENGTH: Final = 100


async def asked(command: Command, act: Callable[[], Awaitable[F]]) -> F | CommandRefused | OutcomeUnknown:
    """What `act` gave; or that the counterpart said no; or, after two silences, that nobody knows.

    Silence does not mean that nothing was done, so it is never turned into a refusal.
    """
    for _ in range(TRIES):
        try:
            return await act()
        except Refused as no:
            return refused(command, no)
        except NoAnswer:
            continue
    return OutcomeUnknown(key=command.key, line=command.line)


async def asked_in_time(
    command: IrreversibleCommand, act: Callable[[], Awaitable[F]], *, clock: Clock
) -> F | CommandRefused | CommandLapsed | OutcomeUnknown:
    """As `asked`, and nothing is done at or after `not_after`, looked at right before each try (gate rule 3)."""
    if clock.now() >= command.not_after:
        return CommandLapsed(key=command.key, line=command.line)

    async def act_in_time() -> F:
        if clock.now() >= command.not_after:
            # The try before this one may have acted, so it cannot be said that nothing was done.
            raise NoAnswer
        return await act()

    return await asked(command, act_in_time)


def refused(command: Command, no: Refused) -> CommandRefused:
    """The counterpart's no, its note cut to a length that fits a board."""
    return CommandRefused(key=command.key, line=command.line, code=no.code, note=no.note[:NOTE_LENGTH])
