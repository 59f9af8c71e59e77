"""The number printed on a SIM: its shape, its check digit, and who issued it (ITU-T E.118)."""

from __future__ import annotations

from typing import Final

from pydantic import TypeAdapter, ValidationError
from stdnum import luhn

from events.base import Iccid
from workers.imports.taken import UnableToTakeError, digits_of, refuse_scientific
from workers.runtime.language import _

ISSUERS: Final[dict[str, str]] = {
    "893100": "KPN",
    "893107": "Teleena",
    "893108": "KPN",
    "893109": "Lycamobile",
    "893110": "KPN",
    "893115": "Ziggo",
    "893118": "Ziggo",
    "893120": "Odido",
    "893126": "Telfort",
    "893144": "Vodafone",
    "893160": "Lebara",
}
"""Dutch issuers by the first six digits (issuer identification number)."""

CUT_OFF: Final = "0000"
"""A spreadsheet keeps 15 digits and fills up with zeros, which passes the check digit one time in ten."""

_ICCID: Final[TypeAdapter[Iccid]] = TypeAdapter(Iccid)


def iccid_of(text: str) -> Iccid:
    """The ICCID that was typed or scanned, in 19 or 20 digits. Raises `UnableToTakeError`.

    A trailing F, with which some readers fill up, is left out. An ICCID ending in four zeros is refused even when its
    check digit is right: one card in ten thousand ends so, and nearly all that are seen were cut by a spreadsheet.
    """
    refuse_scientific(text)
    digits = digits_of(text).upper().rstrip("F")
    _refuse_shape(digits)
    if digits.endswith(CUT_OFF):
        raise UnableToTakeError(
            what=_("ends in four zeros, as an ICCID does that a spreadsheet cut off"),
            remedy=_("Format the column as text and fill it in again from the delivery note"),
        )
    if not luhn.is_valid(digits):
        raise UnableToTakeError(what=_("the check digit is wrong"), remedy=_("Read the ICCID again from the card"))
    return Iccid(digits)


def issuer_of(iccid: Iccid) -> str | None:
    """The Dutch issuer of this SIM, or None when it is not in the list.

    A virtual operator may hand out cards of its host's range: an unusual issuer is a reason to look, not to refuse.
    """
    return ISSUERS.get(iccid[:6])


def _refuse_shape(digits: str) -> None:
    try:
        _ICCID.validate_python(digits)
    except ValidationError:
        raise UnableToTakeError(
            what=_("not an ICCID"), remedy=_("It has 19 or 20 digits and begins with 89: read it again from the card")
        ) from None
