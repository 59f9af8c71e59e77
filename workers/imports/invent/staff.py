"""The employees of the invented municipality, who helps them and who leads them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from events.base import SubjectId
from workers.imports.ids import person_of
from workers.imports.invent import town
from workers.imports.invent.draws import Draws
from workers.imports.roster import Employee

_PER_SUPERUSER: Final = 60
_PER_LEAD: Final = 12
_AT_HOME: Final = 70
_DUTCH: Final = 93


@dataclass(frozen=True)
class _Post:
    employee: SubjectId
    department: str
    site: str


@dataclass(frozen=True)
class _Helped:
    superuser: SubjectId | None
    team_lead: SubjectId | None


def staff(count: int, seed: int) -> tuple[Employee, ...]:
    """So many employees; every department with anybody in it has a superuser, and from twelve people on a lead."""
    posts = _posts(count, Draws(seed, "posts"))
    helped = _helped(posts)
    draws = Draws(seed, "names")
    mails: Counter[str] = Counter()
    return tuple(_employee(post, helped[post.employee], draws, mails) for post in posts)


def _posts(count: int, draws: Draws) -> list[_Post]:
    width = max(4, len(str(count)))
    posts = []
    for at in range(1, count + 1):
        department = draws.weighted(town.DEPARTMENTS)
        away = draws.below(100) >= _AT_HOME
        site = draws.weighted(town.SITES) if away else town.HOMES[department]
        posts.append(_Post(SubjectId(f"E-{at:0{width}d}"), department, site))
    return posts


def _helped(posts: Iterable[_Post]) -> dict[SubjectId, _Helped]:
    departments: defaultdict[str, list[SubjectId]] = defaultdict(list)
    for post in posts:
        departments[post.department].append(post.employee)
    return {who: helped for people in departments.values() for who, helped in _department(people)}


def _department(people: Sequence[SubjectId]) -> Iterator[tuple[SubjectId, _Helped]]:
    superusers = people[: max(1, len(people) // _PER_SUPERUSER)]
    leads = people[len(superusers) :][: len(people) // _PER_LEAD]
    helping, leading = frozenset(superusers), frozenset(leads)
    for at, who in enumerate(people):
        superuser = None if who in helping else superusers[at % len(superusers)]
        if not leads or who == leads[0]:
            yield who, _Helped(superuser, None)
        else:
            yield who, _Helped(superuser, leads[0] if who in leading else leads[at % len(leads)])


def _employee(post: _Post, helped: _Helped, draws: Draws, mails: Counter[str]) -> Employee:
    first, last = draws.pick(town.FIRST_NAMES), draws.pick(town.LAST_NAMES)
    return Employee(
        employee=post.employee,
        person=person_of(post.employee),
        name=f"{first} {last}",
        mail=_mail(f"{first}.{last}", mails),
        address=_address(draws),
        department=post.department,
        site=post.site,
        superuser=helped.superuser,
        team_lead=helped.team_lead,
        language="nl" if draws.below(100) < _DUTCH else "en",
    )


def _mail(name: str, mails: Counter[str]) -> str:
    ascii_name = unicodedata.normalize("NFKD", name.lower().replace("ı", "i")).encode("ascii", "ignore").decode()
    local = re.sub(r"[^a-z.]", "", ascii_name)
    mails[local] += 1
    number = str(mails[local]) if mails[local] > 1 else ""
    return f"{local}{number}@{town.MAIL_DOMAIN}"


def _address(draws: Draws) -> str:
    letters = "".join(draws.pick("BCDGHJKLNPRTVWXZ") for _ in range(2))
    postcode = f"{town.POSTCODE + draws.below(9)} {letters}"
    return f"{draws.pick(town.STREETS)} {draws.between(1, 180)}, {postcode} {town.TOWN}"
