"""From the text of one cell to a value and back: one reader and one writer per kind of column."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from email_validator import EmailNotValidError, validate_email
from pydantic import TypeAdapter, ValidationError

from events.base import Iccid, Imei, LineId, Msisdn, SubjectId
from workers.imports.iccid import iccid_of
from workers.imports.imei import imei_of
from workers.imports.moments import day_of, moment_of
from workers.imports.phones import answered_of, mobile_of, national
from workers.imports.taken import Taken, UnableToTakeError
from workers.runtime.language import _, marked

_SUBJECT: Final[TypeAdapter[SubjectId]] = TypeAdapter(SubjectId)
_LINE: Final = re.compile(r"[ES]-[A-Za-z0-9._-]{1,34}-[0-9]{1,4}")
_YES: Final = frozenset({"yes", "ja", "true", "waar", "1"})
_NO: Final = frozenset({"no", "nee", "false", "onwaar", "0"})
_LONGEST: Final = 200
NOT_OF: Final = {
    "E": marked("not the id of an employee (E-…)"),
    "R": marked("not the id of a duty roster (R-…)"),
    "K": marked("not the id of a stock (K-…)"),
}


@dataclass(frozen=True)
class Cell:
    """How a kind of column is read and written. `read` raises `UnableToTakeError`."""

    read: Callable[[str], Taken[Any]]
    show: Callable[[Any], str] = str


def plain(read: Callable[[str], Any], show: Callable[[Any], str] = str) -> Cell:
    """A kind of column in which nothing is ever repaired."""
    return Cell(lambda text: Taken(read(text)), show)


def subject(letter: str) -> Cell:
    """An id that begins with this letter (E, R, K)."""

    def read(text: str) -> SubjectId:
        if not text.startswith(letter):
            raise UnableToTakeError(what=_(NOT_OF[letter]), remedy=_("Use the id as it stands in its own file"))
        return _subject(text)

    return plain(read)


def subjects(letter: str) -> Cell:
    """Ids with spaces between them, each once."""
    one = subject(letter)

    def read(text: str) -> tuple[SubjectId, ...]:
        ids = tuple(one.read(word).value for word in text.split())
        if len(set(ids)) < len(ids):
            raise UnableToTakeError(what=_("names the same id twice"), remedy=_("Name each once"))
        return ids

    return plain(read, " ".join)


def one_of(choices: type[StrEnum]) -> Cell:
    """One of a closed list of words."""
    words = {choice.value: choice for choice in choices}

    def read(text: str) -> StrEnum:
        if text.lower() not in words:
            remedy = _("Use one of: {words}").format(words=", ".join(words))
            raise UnableToTakeError(what=_("not a word from the list"), remedy=remedy)
        return words[text.lower()]

    return plain(read, lambda choice: str(choice.value))


def _subject(text: str) -> SubjectId:
    try:
        return _SUBJECT.validate_python(text)
    except ValidationError:
        remedy = _("Use a letter, a dash and up to 40 letters, digits, dots or dashes, such as E-0001")
        raise UnableToTakeError(what=_("not a well-formed id"), remedy=remedy) from None


def _line(text: str) -> LineId:
    if not _LINE.fullmatch(text):
        raise UnableToTakeError(
            what=_("not the id of a line"), remedy=_("Use the holder's id, a dash and a number, such as E-0001-1")
        )
    return LineId(text)


def _text(text: str) -> str:
    if len(text) > _LONGEST:
        what = _("longer than {longest} characters").format(longest=_LONGEST)
        raise UnableToTakeError(what=what, remedy=_("Shorten it"))
    return text


def _mail(text: str) -> str:
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        remedy = _("Give one address, such as name@municipality.example")
        raise UnableToTakeError(what=_("not a mail address"), remedy=remedy) from None
    return _text(text)


def _language(text: str) -> str:
    if text.lower() not in {"nl", "en"}:
        raise UnableToTakeError(what=_("not a language that messages are written in"), remedy=_("Use nl or en"))
    return text.lower()


def _yes_no(text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise UnableToTakeError(what=_("neither yes nor no"), remedy=_("Use yes or no"))
    return text.lower() in _YES


def _count(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        raise UnableToTakeError(what=_("not a count of people"), remedy=_("Use a whole number from 1 on"))
    return int(text)


def _share(text: str) -> float:
    if not re.fullmatch(r"[01]([.,][0-9]{1,6})?", text) or not 0 < float(text.replace(",", ".")) <= 1:
        raise UnableToTakeError(what=_("not a share"), remedy=_("Use a part of one, such as 0,3"))
    return float(text.replace(",", "."))


def _grouped(code: str) -> str:
    """Digits in fours: a spreadsheet takes that for text, and a long row of digits for a number that it rounds."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def _utc(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


EMPLOYEE: Final = subject("E")
STOCK: Final = subject("K")
ROSTER: Final = subject("R")
LINE: Final = plain(_line)
TEXT: Final = plain(_text)
MAIL: Final = plain(_mail)
LANGUAGE: Final = plain(_language)
YES_NO: Final = plain(_yes_no, lambda yes: "yes" if yes else "no")
COUNT: Final = plain(_count)
# A Dutch spreadsheet takes 0.3 for a day or a word, and 0,3 for a number.
SHARE: Final = plain(_share, lambda share: f"{share:g}".replace(".", ","))
DAY: Final = plain(day_of, date.isoformat)
MOMENT: Final = plain(moment_of, _utc)
MOBILE: Final[Cell] = Cell(mobile_of, lambda number: national(Msisdn(number)))
ANSWERED: Final[Cell] = Cell(answered_of, lambda number: national(Msisdn(number)))
ICCID: Final = plain(iccid_of, lambda iccid: _grouped(Iccid(iccid)))
IMEI: Final = plain(imei_of, lambda imei: _grouped(Imei(imei)))
