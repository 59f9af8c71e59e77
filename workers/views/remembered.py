"""What a reader knew when it last looked, so that the next command reads what is new and not the whole journal.

Kept per partition beside the deciders' snapshots and under the same rules: a cache, thrown away where the journal has
another record at its place, or the code is other code. It holds no name, mail or address, since the journal has none.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from orchestrator.terms import Terms
from workers.journal.fold import Fold
from workers.journal.snapshot import path_of, restore, save
from workers.runtime.fingerprint import FOLDING, fingerprint
from workers.views.waits import Wait, Waits


@dataclass(frozen=True)
class Waiting:
    """Who waits, by the record of this hash, as this code told it."""

    code: str
    hash: str
    waits: tuple[Wait, ...]


_TELLING: Final = (*FOLDING, "workers.views")
_WAITING: TypeAdapter[Waiting] = TypeAdapter(Waiting)


def keep(folder: Path, fold: Fold, waits: Waits) -> None:
    """Put what is known of this partition on disk."""
    save(fold, folder)
    waiting = Waiting(
        fingerprint(*_TELLING), fold.hash, tuple(wait for subject in fold.states for wait in waits.of(subject))
    )
    _file(folder, fold.partition).write_bytes(_WAITING.dump_json(waiting))


def recall(folder: Path, partition: int, terms: Terms) -> tuple[Fold, tuple[Wait, ...]] | None:
    """What was known of this partition; None where nothing was kept, or its two halves are not of one moment."""
    fold = restore(folder, partition, terms)
    if fold is None:
        return None
    try:
        waiting = _WAITING.validate_json(_file(folder, partition).read_bytes())
    except (OSError, ValueError):
        return None
    same = (waiting.code, waiting.hash) == (fingerprint(*_TELLING), fold.hash)
    return (fold, waiting.waits) if same else None


def _file(folder: Path, partition: int) -> Path:
    return path_of(folder, partition).with_suffix(".waits")
