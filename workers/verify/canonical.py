"""Which situations are one: the same in all that a decision, an act or a judgement can still tell apart.

Three things tell nothing apart any more and are left out (docs/adr/0020): by how much a time lies back once that is
longer than whatever is counted from it, how often something was asked, and what nothing reads any more of a record
that is settled. The order of times and of numbers stays.
"""

import re
import struct
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from hashlib import blake2b
from itertools import chain
from operator import attrgetter
from types import NoneType
from typing import Any, Final, NamedTuple

from pydantic import BaseModel

from workers.verify.forgetting import FORGET
from workers.verify.lasting import COUNTED, EVER, LASTS, NUMBERS
from workers.verify.situation import Situation

EPOCH: Final = datetime.fromisoformat("2027-01-01T00:00:00+00:00")
NUMBERED: Final = re.compile(r"^(.*/)(\d+)$")
PLAIN: Final = frozenset({NoneType, int, bool, float, timedelta, date})
TIME: Final = 1
"""Stands where a time does in a shape."""
NOTHING: Final[Mapping[int, int]] = {}
REMEMBERED: Final = 400_000
"""Parts of situations that are looked at once: a few hundred megabytes of them."""


class Part(NamedTuple):
    """A part of a situation: its shape, and the times and numbers that belong into it, in order."""

    itself: object
    """Held, so that no other part gets its identity."""
    shape: int
    lasting: tuple[int, ...] = ()
    """Times from which something is counted for ever. Seconds since `EPOCH`, as all of these."""
    times: tuple[int, ...] = ()
    """The other times."""
    ends: tuple[int, ...] = ()
    """Beside each of these, until when something is counted from it."""
    numbers: tuple[tuple[int, int], ...] = ()
    """What is numbered, and its number."""


class Kind(NamedTuple):
    """How the fields of a record are read, and for how long something is counted from each."""

    name: str
    read: Any
    lasts: tuple[int, ...]
    numbered: Mapping[int, int]
    """Which of the fields, counted from 1, are numbers, and of what."""


class Canon:
    """Fingerprints of situations; what does not change from one to the next is looked at once.

    With `exact` nothing is left out: situations are one only if they are equal.
    """

    def __init__(self, *, exact: bool = False) -> None:
        self._exact = exact
        self._parts: dict[int, Part] = {}
        self._texts: dict[str, Part] = {}
        self._plain: dict[tuple[type, object], Part] = {}
        self._shapes: dict[tuple[object, ...], int] = {}
        self._kinds: dict[type, Kind] = {}

    def fingerprint(self, situation: Situation, left: int) -> int:
        """A number of 64 bits that situations which are one share and others do not, but for one in ten million runs.

        `left` is how many deviations may still come.
        """
        if len(self._parts) > REMEMBERED:
            self._parts.clear()
        now = _seconds(situation.now)
        whole = self._composed("situation", situation[1:-1], (EVER,) * (len(situation) - 2))
        if self._exact:
            return _digest([now, left, whole.shape, *whole.lasting, *whole.times, *chain(*whole.numbers)])
        times = sorted({*whole.lasting, *whole.times})
        past = bisect_right(times, now)
        rank = dict(zip(times, range(-past, len(times) - past), strict=True))
        highest = dict(sorted(whole.numbers))  # of each what the last stays, which is the highest
        told = [now, left, whole.shape, *whole.lasting]
        told += [rank[at] if end <= now else at for at, end in zip(whole.times, whole.ends, strict=True)]
        told += [number - highest[what] for what, number in whole.numbers]
        return _digest(told)

    def _shape(self, told: tuple[object, ...]) -> int:
        known = self._shapes.get(told)
        if known is None:
            known = self._shapes[told] = int.from_bytes(blake2b(repr(told).encode(), digest_size=7).digest())
        return known

    def _composed(
        self,
        name: str,
        values: Iterable[object],
        lasts: Iterable[int],
        itself: object = None,
        numbered: Mapping[int, int] = NOTHING,
    ) -> Part:
        """The part that these values make up. All in one loop: a call for each would cost more than it does."""
        shapes: list[object] = [name]
        lasting: list[int] = []
        times: list[int] = []
        ends: list[int] = []
        numbers: list[tuple[int, int]] = []
        parts, texts, plain = self._parts, self._texts, self._plain
        part: Part | None
        for value, here in zip(values, lasts, strict=False):
            kind = type(value)
            if kind is str:
                part = texts.get(value) or self._text(value)  # type: ignore[arg-type, call-overload]
            elif kind in PLAIN:
                if numbered and (what := numbered.get(len(shapes))) is not None:
                    numbers.append((what, value))  # type: ignore[arg-type]
                    shapes.append(TIME)
                    continue
                part = plain.get((kind, value)) or self._simple(kind, value)
            elif kind is datetime:
                shapes.append(TIME)
                at = _seconds(value)  # type: ignore[arg-type]
                if here == EVER:
                    lasting.append(at)
                else:
                    times.append(at)
                    ends.append(at + here)
                continue
            else:
                part = parts.get(id(value))
                if part is None or part.itself is not value:
                    part = parts[id(value)] = self._structure(value, kind, here)
            shapes.append(part.shape)
            if part.lasting:
                lasting += part.lasting
            if part.times:
                times += part.times
                ends += part.ends
            if part.numbers:
                numbers += part.numbers
        return Part(itself, self._shape(tuple(shapes)), tuple(lasting), tuple(times), tuple(ends), tuple(numbers))

    def _text(self, value: str) -> Part:
        numbered = NUMBERED.match(value)
        if numbered:
            what = self._shape(("numbered", numbered[1]))
            part = Part(value, what, numbers=((what, int(numbered[2])),))
        else:
            part = Part(value, self._shape(("text", value)))
        self._texts[value] = part
        return part

    def _simple(self, kind: type, value: object) -> Part:
        part = self._plain[kind, value] = Part(value, self._shape((kind.__name__, value)))
        return part

    def _structure(self, value: object, kind: type, here: int) -> Part:
        if isinstance(value, Enum):
            return Part(value, self._shape((kind.__name__, value.name)))
        if kind is tuple:
            return self._composed("tuple", value, (here,) * len(value), value)  # type: ignore[arg-type]
        if isinstance(value, dict):
            flat = [part for pair in value.items() for part in pair]
            return self._composed("dict", flat, (here,) * len(flat), value)
        if isinstance(value, frozenset):
            members = sorted(value, key=str)
            return self._composed("set", members, (here,) * len(members), value)
        known = self._kinds.get(kind) or self._kind(kind)
        forget = None if self._exact else FORGET.get(kind)
        read = known.read(forget(value) if forget else value)
        return self._composed(known.name, read, known.lasts, value, known.numbered)

    def _kind(self, kind: type) -> Kind:
        names = [name for name in _names(kind) if name not in COUNTED.get(kind.__name__, ())]
        lasts = LASTS.get(kind.__name__, {})
        numbered = {place: NUMBERS[name] for place, name in enumerate(names, 1) if name in NUMBERS}
        read = attrgetter(*names) if len(names) > 1 else lambda value: (getattr(value, names[0]),)
        known = Kind(kind.__name__, read, tuple(lasts.get(name, EVER) for name in names), numbered)
        self._kinds[kind] = known
        return known


def _names(kind: type) -> tuple[str, ...]:
    if issubclass(kind, BaseModel):
        return tuple(kind.model_fields)
    if is_dataclass(kind):
        return tuple(field.name for field in fields(kind))
    names: tuple[str, ...] = kind._fields  # type: ignore[attr-defined]
    return names


def _digest(told: list[int]) -> int:
    return int.from_bytes(blake2b(struct.pack(f"{len(told)}q", *told), digest_size=8).digest())


def _seconds(at: datetime) -> int:
    return int((at - EPOCH).total_seconds())
