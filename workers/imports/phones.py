"""Telephone numbers as people and spreadsheets write them, taken as E.164."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberMatcher, PhoneNumberType

from events.base import Msisdn
from workers.imports.taken import Taken, UnableToTakeError, refuse_scientific
from workers.runtime.language import _, marked

REGION: Final = "NL"
_COUNTRY: Final = 31
_MACHINE: Final = "+3197"
_MOBILE: Final = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
_ANSWERED: Final = _MOBILE | {PhoneNumberType.FIXED_LINE, PhoneNumberType.VOIP, PhoneNumberType.UAN}
_AS_SHOWN: Final = marked("Write it in full, such as 06-12345678")


def is_machine_number(number: Msisdn) -> bool:
    """Whether this is a 097 number, kept for machines. `number_type` calls it a mobile number like any other."""
    return number.startswith(_MACHINE)


def mobile_of(text: str) -> Taken[Msisdn]:
    """The Dutch mobile or machine number in this text. Raises `UnableToTakeError`."""
    taken = _number(text)
    if phonenumbers.number_type(taken.value) not in _MOBILE:
        raise UnableToTakeError(
            what=_("a fixed or service number, not that of a SIM"), remedy=_("Give the line's 06 or 097 number")
        )
    if taken.value.country_code != _COUNTRY:
        remedy = _("Leave this line out: only Dutch numbers are moved")
        raise UnableToTakeError(what=_("a foreign number"), remedy=remedy)
    return Taken(_e164(taken.value), taken.repaired)


@lru_cache(maxsize=4096)
def answered_of(text: str) -> Taken[Msisdn]:
    """The number in this text at which somebody answers calls. Raises `UnableToTakeError`."""
    taken = _number(text)
    number = _e164(taken.value)
    if phonenumbers.number_type(taken.value) not in _ANSWERED or is_machine_number(number):
        raise UnableToTakeError(
            what=_("nobody answers calls to this kind of number"), remedy=_("Give the number of a desk or a person")
        )
    return Taken(number, taken.repaired)


@lru_cache(maxsize=4096)
def national(number: Msisdn) -> str:
    """The number as it is written in the Netherlands: a spreadsheet takes that for text and lets it keep its zero."""
    if not number.startswith("+31"):
        return number
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.NATIONAL)


def _number(text: str) -> Taken[PhoneNumber]:
    cleaned = text.strip().lstrip("'").replace("\u2013", "-").replace("\u00a0", " ").removeprefix("tel:")
    refuse_scientific(cleaned)
    _refuse_letters(cleaned)
    try:
        number = phonenumbers.parse(cleaned, REGION)
    except NumberParseException:
        raise _unreadable(cleaned) from None
    # is_possible_number takes numbers that a spreadsheet or a typing error made a digit longer or shorter.
    if not phonenumbers.is_valid_number(number):
        raise _unreadable(cleaned)
    return Taken(number, _repair(cleaned))


def _refuse_letters(text: str) -> None:
    if re.search(r"\d[oO]|[oO]\d", text):
        raise UnableToTakeError(what=_("holds the letter O where a zero belongs"), remedy=_(_AS_SHOWN))
    if re.search(r"[^\W\d_]", text):
        remedy = _("Write it in full, such as 06-12345678, without an extension or a name")
        raise UnableToTakeError(what=_("holds letters"), remedy=remedy)


def _unreadable(text: str) -> UnableToTakeError:
    if len(list(PhoneNumberMatcher(text, REGION))) > 1:
        remedy = _("Give each number a row of its own, or leave one out")
        return UnableToTakeError(what=_("holds two numbers"), remedy=remedy)
    return UnableToTakeError(what=_("not a number that exists in the Netherlands"), remedy=_(_AS_SHOWN))


def _repair(text: str) -> str:
    digits = re.sub(r"[^\d+]", "", text)
    # 14 and the area code is how many municipalities are called: no zero was ever in front of it.
    if digits.startswith(("0", "+", "14")):
        return ""
    if digits.startswith(str(_COUNTRY)) and len(digits) > len("612345678"):
        return marked("the plus in front was lost and is put back")
    return marked("the zero in front was lost and is put back")


def _e164(number: PhoneNumber) -> Msisdn:
    return Msisdn(phonenumbers.format_number(number, PhoneNumberFormat.E164))
