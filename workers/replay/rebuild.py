"""Rebuild: the caches of the journal thrown away and folded again from its first record, and held against the old ones.

A snapshot is a cache and never the truth, so a rebuild has no outward effect: no command is said, no offset moves.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from events.base import SubjectId
from workers.journal.fold import Fold
from workers.journal.reading import load
from workers.journal.snapshot import path_of, restore, save
from workers.runtime.settings import Settings
from workers.runtime.terms import terms_of

ASIDE: Final = frozenset({"states", "position", "raised"})
"""What is compared by itself, or is no knowledge: where the fold reads, how often it stumbled."""


@dataclass(frozen=True)
class Rebuilt:
    """One partition, folded from zero."""

    partition: int
    records: int
    cached: bool
    """Whether there was a snapshot by this code to hold it against."""
    differing: tuple[SubjectId, ...] = ()
    """Subjects that the snapshot knew otherwise."""
    otherwise: tuple[str, ...] = ()
    """What else the snapshot held otherwise, by name."""

    @property
    def identical(self) -> bool:
        """Whether the snapshot said the same as the journal."""
        return not self.differing and not self.otherwise


def rebuilt(settings: Settings, folder: Path, partition: int, *, keep: bool) -> Rebuilt:
    """The partition folded from zero and held against its snapshot in this folder; with `keep`, put in its place."""
    terms = terms_of(settings)
    cached = restore(folder, partition, terms)
    fold = Fold(partition, terms)
    there: Rebuilt | None = None
    records = 0

    def count(_entry: object) -> None:
        nonlocal records, there
        records += 1
        if cached is not None and there is None and fold.offset == cached.offset:
            there = _held_against(fold, cached, records)

    load(settings, fold, count)
    if keep:
        path_of(folder, partition).unlink(missing_ok=True)
        save(fold, folder)
    if cached is None:
        return Rebuilt(partition, records, cached=False)
    if there is None and cached.offset == -1:
        return Rebuilt(partition, records, cached=True)
    found = there or Rebuilt(partition, records, cached=True, otherwise=("offset",))
    return Rebuilt(partition, records, cached=True, differing=found.differing, otherwise=found.otherwise)


def _held_against(fold: Fold, cached: Fold, records: int) -> Rebuilt:
    everybody = sorted(fold.states.keys() | cached.states.keys())
    names = [field.name for field in fields(fold) if field.name not in ASIDE]
    return Rebuilt(
        fold.partition,
        records,
        cached=True,
        differing=tuple(name for name in everybody if fold.states.get(name) != cached.states.get(name)),
        otherwise=tuple(name for name in names if getattr(fold, name) != getattr(cached, name)),
    )
