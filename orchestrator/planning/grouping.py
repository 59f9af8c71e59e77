"""Who shares a wave: pilot and superusers first, departments after them, critical and shared lines last."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Final

from events.base import SubjectId, subject_of
from orchestrator.planning.shapes import PlanLine

PILOT_SHARE: Final = 4
"""The pilot is at most one in so many."""


@dataclass
class Group:
    """The lines of one wave before they have slots; `late` when it must come after all before it."""

    title: str
    lines: list[PlanLine]
    late: bool = False


_Unit = list[PlanLine]
"""All lines of one holder, which share a wave."""


def groups(lines: Sequence[PlanLine], per_day: int, pilot: int) -> Iterator[Group]:
    """The waves' lines in order: the pilot, superusers and departments, critical lines, shared numbers."""
    units: defaultdict[SubjectId, _Unit] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.line):
        units[subject_of(line.line)].append(line)
    shared = [unit for unit in units.values() if unit[0].members]
    own = [unit for unit in units.values() if not unit[0].members]
    critical = [unit for unit in own if any(line.critical for line in unit)]
    rest = sorted((u for u in own if not any(line.critical for line in u)), key=lambda u: not u[0].superuser)
    count = _cut(rest, min(pilot, ceil(len(lines) / PILOT_SHARE)))
    target = 2 * per_day
    if count:
        yield Group("pilot", _flat(rest[:count]))
    superusers = [unit for unit in rest[count:] if unit[0].superuser]
    others = [unit for unit in rest[count:] if not unit[0].superuser]
    for title, department in _by_department(superusers, others, target):
        yield Group(title, _flat(department))
    for title, part in _equal("critical lines", critical, target):
        yield Group(title, _flat(part), late=True)
    if shared:
        yield Group("shared numbers", _flat(shared), late=True)


def _cut(units: Sequence[_Unit], most: int) -> int:
    """How many units hold at most so many lines."""
    total = 0
    for count, unit in enumerate(units):
        total += len(unit)
        if total > most:
            return count
    return len(units)


def _by_department(first: Sequence[_Unit], units: Sequence[_Unit], target: int) -> Iterator[tuple[str, list[_Unit]]]:
    """Groups of about `target` lines: whole departments together where they fit, a large one in equal parts."""
    held: list[_Unit] = list(first)
    names = ["superusers"] if first else []
    for name, part in _parts(units, target):
        if held and len(_flat(held)) + len(_flat(part)) > target * 5 // 4:
            yield ", ".join(names), held
            held, names = [], []
        held, names = [*held, *part], [*names, name]
    if held:
        yield ", ".join(names), held


def _parts(units: Sequence[_Unit], target: int) -> Iterator[tuple[str, Sequence[_Unit]]]:
    departments: defaultdict[str, list[_Unit]] = defaultdict(list)
    for unit in units:
        departments[unit[0].department].append(unit)
    for name, all_ in sorted(departments.items()):
        yield from _equal(name, all_, target)


def _equal(name: str, units: Sequence[_Unit], target: int) -> Iterator[tuple[str, Sequence[_Unit]]]:
    """As few equal parts as keep each near the target, named by their number where there are several."""
    count = ceil(len(_flat(units)) / (target * 5 // 4))
    bounds = [len(units) * part // count for part in range(count + 1)] if count else []
    for number, (low, high) in enumerate(pairwise(bounds), start=1):
        yield (f"{name} {number}/{count}" if count > 1 else name), units[low:high]


def _flat(units: Iterable[_Unit]) -> list[PlanLine]:
    return [line for unit in units for line in unit]
