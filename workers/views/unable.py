"""Orders that cannot be carried out: not understood, or understood and forbidden by a rule."""

from __future__ import annotations

from workers.runtime.unable import UnableToError


class UnableToUnderstandError(UnableToError):
    """A word of the order is wrong: an id that nobody has, a code that cannot be, something that is missing."""

    kind = "wrong"


class UnableToAllowError(UnableToError):
    """The order is clear, and a rule forbids it."""

    kind = "forbidden"
