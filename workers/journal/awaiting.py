"""Waiting until what was said is decided, so that whoever said it can be told what follows."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, Protocol

from events.envelope import Said
from workers.journal.record import Entry


class Following(Protocol):
    """A journal that is being followed (`reading.Journal`)."""

    def read(self) -> Iterable[tuple[int, Entry]]:
        """The next accepted records, with their partition."""


def wait_decided(journal: Following, saids: Iterable[Said[Any]], *, seconds: float) -> dict[str, Entry]:
    """The decision on each of these messages, by the message's id, in the order of deciding.

    The journal must have been at or before its end when they were said. What is not decided after so many seconds is
    left out: it stands in the inbox and will be decided once a decider runs.
    """
    wanted = {(said.source, said.id) for said in saids}
    entries: dict[str, Entry] = {}
    until = time.monotonic() + seconds
    while wanted and time.monotonic() < until:
        for _, entry in journal.read():
            heard = entry.heard
            if heard is not None and not entry.duplicate and (heard.source, heard.id) in wanted:
                wanted.discard((heard.source, heard.id))
                entries[heard.id] = entry
    return entries
