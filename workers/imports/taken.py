"""One value taken from what a person typed, scanned or exported: taken, taken after a repair, or not taken."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from workers.runtime.language import _

T_co = TypeVar("T_co", covariant=True)

_SCIENTIFIC: Final = re.compile(r"\d+([.,]\d+)?[eE]\+?\d+")
_GROUPING: Final = str.maketrans("", "", " \u00a0\t.-\u2013'")


@dataclass(frozen=True)
class Taken(Generic[T_co]):
    """A value, and what was repaired to get it (empty when nothing was; looked up when it is shown)."""

    value: T_co
    repaired: str = ""


class UnableToTakeError(Exception):
    """The value cannot be taken: what is wrong with it, and what to do. Never repeats the value."""

    def __init__(self, *, what: str, remedy: str) -> None:
        super().__init__(f"{what}. {remedy}.")
        self.what = what
        self.remedy = remedy


def refuse_scientific(text: str) -> None:
    """Raise `UnableToTakeError` for 6,12E+08 and the like: a spreadsheet took the code for a quantity."""
    if _SCIENTIFIC.fullmatch(text.strip()):
        raise UnableToTakeError(
            what=_("a spreadsheet turned it into a number in scientific notation, and digits are gone"),
            remedy=_("Format the column as text and fill it in again from the source"),
        )


def digits_of(text: str) -> str:
    """The code without the spaces, dots, dashes and apostrophes that people group digits with."""
    return text.translate(_GROUPING)
