"""The one family of errors that a person can answer: each says what was not done, why, and what to type next."""

from __future__ import annotations

from typing import ClassVar, Literal

Kind = Literal["wrong", "forbidden", "missing"]
"""What stood in the way: a file or a value that is wrong, a rule, or something needed that is not there."""


class UnableToError(Exception):
    """Something asked for was not done.

    The text is for the person who asked: what, who, why, what was (not) done, and the line to type next. The command
    line prints it as it stands, without a traceback. Subclasses are named `UnableTo…` and live beside the function
    that raises them; the two that any order may meet live here.
    """

    kind: ClassVar[Kind] = "missing"


class UnableToUnderstandError(UnableToError):
    """A word of the order is wrong: an id that nobody has, a code that cannot be, something that is missing."""

    kind = "wrong"


class UnableToAllowError(UnableToError):
    """The order is clear, and a rule forbids it: workers run, other records stand there, nobody holds this person."""

    kind = "forbidden"
