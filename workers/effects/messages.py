"""Messages to people: the letter is written from the template, then handed to the post."""

from typing import Protocol

from events.control import CommandRefused, OutcomeUnknown
from events.messages import MessageSent, SendMessage
from events.registry import AnyFact
from workers.effects.asking import refused
from workers.providers.ports import Letter, NoAnswer, Post, Refused


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
