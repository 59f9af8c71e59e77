"""The one family of errors that a person can answer: each says what was not done, why, and what to type next."""

from __future__ import annotations

from typing import ClassVar, Literal

Kind = Literal["wrong", "forbidden", "missing"]
"""What stood in the way: a file or a value that is wrong, a rule, or something needed that is not there."""


class UnableToError(Exception):
    """Something asked for was not done.

    The text is for the person who asked: what, who, why, what was (not) done, and the line to type next. The command
    line prints it as it stands, without a traceback. Subclasses are named `UnableTo…` and live beside the function
    that raises them.
    """

    kind: ClassVar[Kind] = "missing"
