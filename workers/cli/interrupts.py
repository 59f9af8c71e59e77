"""What Ctrl-C leaves behind, told in a line: also where it fell into a call of the Kafka client, which hides it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from workers.runtime.language import _

HIDDEN: Final = re.compile(r"<method '\w+' of 'cimpl\.\w+' objects> returned NULL without setting an exception")
"""What the client raises where one of our callbacks was interrupted within its call: it loses the interrupt itself."""


def is_interrupt(error: BaseException) -> bool:
    """Whether this is Ctrl-C, or what the Kafka client makes of it."""
    return isinstance(error, KeyboardInterrupt) or (
        isinstance(error, SystemError) and HIDDEN.fullmatch(str(error)) is not None
    )


def told(error: BaseException) -> str:
    """What is told at the end: what was left, where somebody named it (`leaves`)."""
    return str(error) if isinstance(error, KeyboardInterrupt) and error.args else _("Interrupted.")


@contextmanager
def leaves(what: Callable[[], str]) -> Iterator[None]:
    """Whoever interrupts this is told what it leaves, and what to type next."""
    try:
        yield
    except (KeyboardInterrupt, SystemError) as error:
        if not is_interrupt(error):
            raise
        raise KeyboardInterrupt(_("Interrupted.") + " " + what()) from error
