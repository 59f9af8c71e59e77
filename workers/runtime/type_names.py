"""The short names of facts and commands: `porting.blocked` stands for `nl.naadloos.porting.blocked.v1`."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

from events.base import PREFIX, Message
from events.registry import COMMAND_TYPES, FACT_TYPES
from workers.runtime.language import _


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


def nearest(word: object, words: Iterable[str]) -> str:
    """What is expected in this place: the words that look like it, or all of them where there are few."""
    known = sorted(words)
    near = get_close_matches(str(word), known, n=3, cutoff=0.5)
    if near:
        return _("did you mean {words}?").format(words=_(" or ").join(near))
    return _("one of: {words}").format(words=", ".join(known))
