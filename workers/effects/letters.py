"""Letters: a template of the catalogue, filled in with what the command tells and who the person is."""

import re
import tomllib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from jinja2 import Environment, StrictUndefined, Template
from pydantic import AwareDatetime, TypeAdapter, ValidationError

from events.base import PersonId
from events.messages import Role, SendMessage
from events.people import PersonKnown
from workers.providers.ports import Letter, Refused

Language = Literal["nl", "en"]
PERSON_UNKNOWN: Final = "person-unknown"
ADDRESS_MALFORMED: Final = "address-malformed"
LANGUAGES: Final[tuple[Language, ...]] = ("nl", "en")
TEXTS: Final = Path(__file__).parent / "texts"

DETAILS: Final = (
    "about",
    "contact",
    "number",
    "site",
    "slot_end",
    "slot_start",
)
"""What a command may tell in `details`, moments as ISO 8601 with offset. A text must read well without any of them."""

# Enough for a mail to be made; whether anybody reads there, the mail server knows.
_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+")
_MOMENT: Final[TypeAdapter[datetime]] = TypeAdapter(AwareDatetime)
# Plain text: nothing is to be escaped for HTML.
_JINJA: Final = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who gets the letter."""

    name: str
    address: str
    language: Language


@cache
def catalogue(language: Language) -> Mapping[str, Any]:
    """All texts of one language: per template a title and a body, per kind of task what is to be done."""
    return tomllib.loads((TEXTS / f"{language}.toml").read_text(encoding="utf-8"))


def write(command: SendMessage, reader: Reader, *, zone: ZoneInfo, contact: str) -> Letter:
    """The letter to this reader, times in this zone."""
    text = catalogue(reader.language)[command.template]
    told = _told(command, reader, zone=zone, contact=contact)
    return Letter(
        reference=command.key,
        template=command.template,
        line=command.line,
        address=reader.address,
        title=_fill(text["title"], told),
        body=_fill(text["body"], told).strip() + "\n",
        task=command.task or "",
        to=command.to,
        details=command.details,
    )


def _fill(text: str, told: Mapping[str, str]) -> str:
    return _compiled(text).render(told)


@cache
def _compiled(text: str) -> Template:
    """The template of a text in the catalogue, of which there are few; compiling takes longer than all the rest."""
    return _JINJA.from_string(text)


def _told(command: SendMessage, reader: Reader, *, zone: ZoneInfo, contact: str) -> dict[str, str]:
    told = {name: command.details.get(name, "") for name in DETAILS}
    return {
        **told,
        "name": reader.name,
        "line": command.line,
        "contact": told["contact"] or contact,
        "task": _task_text(command, reader.language),
        "day": _day(told["slot_start"], reader.language, zone),
        "start": _hour(told["slot_start"], reader.language, zone),
        "end": _hour(told["slot_end"], reader.language, zone),
    }


def _task_text(command: SendMessage, language: Language) -> str:
    if command.task is None:
        return ""
    texts: Mapping[str, str] = catalogue(language)["tasks"]
    return texts.get(command.task.split("/")[1], "")


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        return _MOMENT.validate_python(text).astimezone(zone)
    except ValidationError:
        return None


def _day(text: str, language: Language, zone: ZoneInfo) -> str:
    at = _moment(text, zone)
    return format_date(at, "EEEE d MMMM", locale=language) if at else ""


def _hour(text: str, language: Language, zone: ZoneInfo) -> str:
    at = _moment(text, zone)
    return format_time(at, "HH:mm", locale=language) if at else ""


LookUp = Callable[[PersonId], Awaitable[PersonKnown | None]]


@dataclass(frozen=True, kw_only=True)
class LetterWriter:
    """Writes to people as the directory knows them, and to roles at their configured addresses."""

    look_up: LookUp
    address_of: Callable[[Role], str]
    role_language: Language
    zone: ZoneInfo
    contact: str
    roles: frozenset[str] = field(default=frozenset(Role))

    async def write(self, command: SendMessage) -> Letter:
        """The letter. `Refused` with `PERSON_UNKNOWN` when nobody is known under that id, or no more."""
        return write(command, await self._reader(command), zone=self.zone, contact=self.contact)

    async def _reader(self, command: SendMessage) -> Reader:
        if command.to in self.roles:
            role = Role(command.to)
            return Reader(name="", address=self.address_of(role), language=self.role_language)
        person = await self.look_up(PersonId(command.to))
        if person is None:
            raise Refused(PERSON_UNKNOWN)
        if not _ADDRESS.fullmatch(person.mail):
            raise Refused(ADDRESS_MALFORMED)
        return Reader(name=person.name, address=person.mail, language=person.language)
