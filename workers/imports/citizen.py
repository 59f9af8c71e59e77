"""Citizen service numbers (BSN): known when seen, so that they are kept out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from stdnum.nl import bsn

_NAMES: Final = re.compile(r"\b(bsn|burgerservicenummer|sofi(nummer)?|citizen.?service.?number)\b")
_PREFIX: Final = re.compile(r"^[A-Za-z]+-?")
_DIGITS: Final = 9
_MOST: Final = 0.5
"""One in eleven numbers of nine digits passes the check by chance; of real ones, all do."""


def holds_citizen_numbers(name: str, cells: Sequence[str]) -> bool:
    """Whether a column with this name and these cells holds citizen service numbers, with or without a letter before.

    A column of telephone numbers that lost their zero has nine digits too, but seldom passes the check.
    """
    if _NAMES.search(name.lower().replace("_", " ")):
        return True
    filled = [cell for cell in (_PREFIX.sub("", cell.strip()) for cell in cells) if cell]
    alike = sum(1 for cell in filled if len(cell) == _DIGITS and bsn.is_valid(cell))
    return alike > _MOST * len(filled)
