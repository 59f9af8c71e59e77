"""The short names of facts and commands: `porting.blocked` stands for `nl.naadloos.porting.blocked.v1`."""

from collections.abc import Mapping
from typing import Final

from events.base import PREFIX, Message
from events.registry import COMMAND_TYPES, FACT_TYPES


def short(type_: str) -> str:
    """A type's name without the words that all of them share."""
    return type_.removeprefix(PREFIX + ".").rsplit(".v", 1)[0]


def versioned(type_: str) -> str:
    """The same with its version, for logs and files that are read for years."""
    return type_.removeprefix(PREFIX + ".")


def name_of(message: Message) -> str:
    """The short name of a message."""
    return short(type(message).model_fields["type"].default)


FACTS: Final[Mapping[str, type[Message]]] = {short(name): kind for name, kind in FACT_TYPES.items()}
COMMANDS: Final[Mapping[str, type[Message]]] = {short(name): kind for name, kind in COMMAND_TYPES.items()}
