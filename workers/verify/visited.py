"""Which situations were seen, shared by all processes of a search: fingerprints in a table of fixed size.

Two processes may come upon the same situation at the same moment and both go on from it; that costs time and nothing
else. Two situations with one fingerprint would hide one: of ten million, once in some three hundred thousand searches.
"""

from multiprocessing.shared_memory import SharedMemory
from typing import Final, Self

from workers.runtime.language import _
from workers.runtime.unable import UnableToError

FULL: Final = 0.75
"""Beyond this share looking up takes too long."""


class UnableToHoldError(UnableToError):
    """There are more situations than the table has room for."""


class Known:
    """Fingerprints seen by one process alone."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def add(self, fingerprint: int) -> bool:
        """Whether it was not added before."""
        fresh = fingerprint not in self._seen
        self._seen.add(fingerprint)
        return fresh


class Visited:
    """Fingerprints of 64 bits. Made by one process, attached to by name in the others."""

    def __init__(self, memory: SharedMemory) -> None:
        self._memory = memory
        assert memory.buf is not None, "open until it is closed"
        self._slots = memory.buf.cast("Q")
        self._size = len(self._slots)

    @classmethod
    def make(cls, room: int) -> Self:
        """A table for so many situations."""
        return cls(SharedMemory(create=True, size=8 * int(room / FULL + 1)))

    @classmethod
    def attach(cls, name: str) -> Self:
        """The table that another process made."""
        return cls(SharedMemory(name))

    @property
    def name(self) -> str:
        """What the others attach by."""
        return self._memory.name

    def add(self, fingerprint: int) -> bool:
        """Whether nobody added it before. Raises `UnableToHoldError`."""
        slots, size, wanted = self._slots, self._size, fingerprint or 1
        for step in range(size):
            place = (wanted + step) % size
            there = slots[place]
            if there == wanted:
                return False
            if there == 0:
                slots[place] = wanted
                return True
        full = _(
            "Not explored to its end: there are more than {room} situations within this bound. Nothing is reported."
        )
        hint = _("Give a smaller bound:  naadloos verify --k 1")
        raise UnableToHoldError(full.format(room=size) + "\n" + hint)

    def close(self, *, last: bool) -> None:
        """Let go of the table; with `last` it is gone for all."""
        self._slots.release()
        self._memory.close()
        if last:
            self._memory.unlink()
