"""Rebuild: the deciders' snapshots thrown away and folded again from the journal's first record, and held against it.

A snapshot is a cache and never the truth, so a rebuild has no outward effect: no command is said, no offset moves.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from events.base import SubjectId
from events.journal import FIRST
from workers.journal.fold import Fold
from workers.journal.reading import load
from workers.journal.snapshot import restore, save
from workers.runtime.settings import Settings
from workers.runtime.terms import terms_of

ASIDE: Final = frozenset({"states", "position", "partitions"})
"""What is compared by itself, or is no knowledge: where the fold reads, and how many partitions there are."""


@dataclass(frozen=True)
class Against:
    """A snapshot, held against the journal."""

    differing: tuple[SubjectId, ...] = ()
    """Subjects that the snapshot knew otherwise."""
    otherwise: tuple[str, ...] = ()
    """What else the snapshot held otherwise, by name."""


@dataclass(frozen=True)
class Rebuilt:
    """One partition, folded from zero."""

    partition: int
    records: int
    cached: bool
    """Whether there was a snapshot by this code to hold it against."""
    against: Against = Against()

    @property
    def identical(self) -> bool:
        """Whether the snapshot said the same as the journal."""
        return self.against == Against()

    @property
    def replaceable(self) -> bool:
        """Whether a new snapshot would say what none says now."""
        return not self.identical or (self.records > 0 and not self.cached)


def folded(settings: Settings, folder: Path, partition: int) -> tuple[Fold, Rebuilt]:
    """The partition folded from zero, and held against its snapshot in this folder."""
    terms = terms_of(settings)
    cached = restore(folder, partition, terms)
    fold = Fold(partition, terms)
    against = Against() if cached is None or cached.offset == FIRST else Against(otherwise=("offset",))
    records = 0

    def count(_entry: object) -> None:
        nonlocal records, against
        records += 1
        if cached is not None and fold.offset == cached.offset:
            against = _held_against(fold, cached)

    load(settings, fold, count)
    return fold, Rebuilt(partition, records, cached is not None, against)


def put(fold: Fold, folder: Path) -> None:
    """The fold stands in this folder in the place of its partition's snapshot."""
    save(fold, folder)


def _held_against(fold: Fold, cached: Fold) -> Against:
    everybody = sorted(fold.states.keys() | cached.states.keys())
    names = [field.name for field in fields(fold) if field.name not in ASIDE]
    return Against(
        differing=tuple(name for name in everybody if fold.states.get(name) != cached.states.get(name)),
        otherwise=tuple(name for name in names if getattr(fold, name) != getattr(cached, name)),
    )
