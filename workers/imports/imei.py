"""The number of a handset."""

from __future__ import annotations

from typing import Final

from stdnum import luhn

from events.base import Imei
from workers.imports.taken import UnableToTakeError, digits_of, refuse_scientific
from workers.runtime.language import _

LENGTH: Final = 15
"""With the check digit. `stdnum.imei` takes 14 and 16 digits too, which are no whole IMEI."""


def imei_of(text: str) -> Imei:
    """The IMEI that was typed or scanned, in 15 digits. Raises `UnableToTakeError`."""
    refuse_scientific(text)
    digits = digits_of(text)
    if len(digits) != LENGTH or not (digits.isascii() and digits.isdigit()):
        remedy = _("It has 15 digits: type *#06# on the handset to see it")
        raise UnableToTakeError(what=_("not an IMEI"), remedy=remedy)
    if not luhn.is_valid(digits):
        raise UnableToTakeError(
            what=_("the check digit is wrong"), remedy=_("Type *#06# on the handset and read the IMEI again")
        )
    return Imei(digits)
