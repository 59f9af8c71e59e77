"""Messages to people: the letter is written from the template, then handed to the post."""

from typing import Final, Protocol

import structlog

from events.control import CommandRefused, OutcomeUnknown
from events.messages import MessageSent, SendMessage
from events.registry import AnyFact
from workers.effects.asking import refused
from workers.providers.ports import Letter, NoAnswer, Post, Refused

log: Final = structlog.get_logger()


class Writer(Protocol):
    """Whoever makes a letter of a command: looks the person up and fills in the text."""

    async def write(self, command: SendMessage) -> Letter:
        """The letter. `Refused` when there is nobody to write to."""


async def carry_out(command: SendMessage, *, post: Post, writer: Writer) -> AnyFact:
    """The letter is on its way.

    Nobody can be asked whether a mail went out, so after a silence it is sent once more under the same Message-ID and
    counted as maybe twice.
    """
    try:
        letter = await writer.write(command)
        return await _send(command, letter, post)
    except Refused as no:
        return refused(command, no)
    except Exception as error:  # noqa: BLE001 - a letter that cannot be written must stop neither ports nor nets
        kind = type(error).__name__
        # Its text may hold an address, so neither it nor the traceback is logged.
        log.error("letter not written", template=command.template, because=kind)  # noqa: TRY400 - see above
        return refused(command, Refused("not_written", kind))


async def _send(command: SendMessage, letter: Letter, post: Post) -> MessageSent | CommandRefused | OutcomeUnknown:
    try:
        twice = await post.send(letter)
    except NoAnswer:
        return await _send_again(command, letter, post)
    return MessageSent(key=command.key, line=command.line, maybe_twice=twice)


async def _send_again(command: SendMessage, letter: Letter, post: Post) -> MessageSent | OutcomeUnknown:
    try:
        await post.send(letter)
    except NoAnswer:
        return OutcomeUnknown(key=command.key, line=command.line)
    return MessageSent(key=command.key, line=command.line, maybe_twice=True)
