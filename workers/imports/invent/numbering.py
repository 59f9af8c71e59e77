"""Invented numbers that pass every check: telephone numbers, SIMs and handsets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stdnum import luhn

from events.base import Iccid, Imei, Msisdn
from workers.imports.iccid import CUT_OFF
from workers.imports.invent.draws import Draws

OLD_ISSUER: Final = "893108"
NEW_ISSUER: Final = "893144"
_TEST_TYPE: Final = "00440199"
"""The type part of an IMEI; those that begin with 00 are kept for test handsets."""
_BLOCK: Final = 1_000_000
_ACCOUNTS: Final = 10**12


def mobiles(count: int, draws: Draws) -> list[Msisdn]:
    """So many different 06 numbers, all of one block."""
    return [Msisdn(f"+31612{at:06d}") for at in draws.distinct(count, _BLOCK)]


def machine(at: int) -> Msisdn:
    """The machine number with this place in its block."""
    return Msisdn(f"+31970{10_000_000 + at}")


def desk(at: int) -> Msisdn:
    """The fixed number of the department with this place in the list."""
    return Msisdn(f"+314126000{at:02d}")


def sims(issuer: str, draws: Draws) -> Iterator[Iccid]:
    """Different SIMs of this issuer, without end."""
    used: set[int] = set()
    while True:
        account = draws.below(_ACCOUNTS)
        iccid = _checked(f"{issuer}{account:012d}")
        if account not in used and not iccid.endswith(CUT_OFF):
            used.add(account)
            yield Iccid(iccid)


def handset(at: int) -> Imei:
    """The handset with this place in its series."""
    return Imei(_checked(f"{_TEST_TYPE}{at:06d}"))


def _checked(digits: str) -> str:
    return digits + luhn.calc_check_digit(digits)
