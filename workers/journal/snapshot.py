"""Snapshots: a cache of the fold on disk, so that a restart does not read the whole journal.

A snapshot carries the head's offset and hash and a fingerprint of the fold's code. Where the journal has another record
at that place, or the code is other code, it is thrown away and the fold begins anew. It is never the truth.
"""

from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from events.base import SubjectId
from orchestrator.record import Holder
from orchestrator.shared.programme import Programme
from orchestrator.shared.roster import Roster
from orchestrator.shared.stock import Stock
from orchestrator.shared.wave import Wave
from orchestrator.terms import Terms
from workers.journal.fold import Fold
from workers.journal.letters import Letters
from workers.journal.record import hash_of
from workers.runtime.files import replaced
from workers.runtime.fingerprint import FOLDING, fingerprint


@dataclass(frozen=True)
class Snapshot:
    """One partition's fold at one moment."""

    code: str
    programme: str
    partition: int
    offset: int
    hash: str
    at: datetime | None
    position: int
    holders: dict[SubjectId, Holder]
    waves: dict[SubjectId, Wave]
    rosters: dict[SubjectId, Roster]
    stocks: dict[SubjectId, Stock]
    programmes: dict[SubjectId, Programme]
    looks: dict[SubjectId, datetime]
    letters: Letters
    seen: str


SNAPSHOT: TypeAdapter[Snapshot] = TypeAdapter(Snapshot)


def path_of(folder: Path, partition: int) -> Path:
    """Where the snapshot of a partition stands."""
    return folder / f"{partition}.json"


def save(fold: Fold, folder: Path) -> None:
    """Put the fold on disk, in one step that no reader sees half done."""
    folder.mkdir(parents=True, exist_ok=True)
    states = fold.states
    snapshot = Snapshot(
        code=fingerprint(*FOLDING),
        programme=fold.terms.programme,
        partition=fold.partition,
        offset=fold.offset,
        hash=fold.hash,
        at=fold.at,
        position=fold.position,
        holders={k: v for k, v in states.items() if isinstance(v, Holder)},
        waves={k: v for k, v in states.items() if isinstance(v, Wave)},
        rosters={k: v for k, v in states.items() if isinstance(v, Roster)},
        stocks={k: v for k, v in states.items() if isinstance(v, Stock)},
        programmes={k: v for k, v in states.items() if isinstance(v, Programme)},
        looks=fold.looks,
        letters=fold.letters,
        seen=b"".join(fold.seen).hex(),
    )
    body = SNAPSHOT.dump_json(snapshot)
    replaced(path_of(folder, fold.partition), hash_of(body).encode() + b"\n" + body)


def restore(folder: Path, partition: int, terms: Terms) -> Fold | None:
    """The fold as the snapshot has it; None where there is none, or it is damaged or of other code or programme."""
    try:
        digest, _, body = path_of(folder, partition).read_bytes().partition(b"\n")
    except OSError:
        return None
    if digest.decode("ascii", errors="replace") != hash_of(body):
        return None
    try:
        snapshot = SNAPSHOT.validate_json(body)
    except ValueError:
        return None  # other code wrote it
    if (snapshot.code, snapshot.programme) != (fingerprint(*FOLDING), terms.programme):
        return None
    marks = bytes.fromhex(snapshot.seen)
    return Fold(
        partition,
        terms,
        states={
            **snapshot.holders,
            **snapshot.waves,
            **snapshot.rosters,
            **snapshot.stocks,
            **snapshot.programmes,
        },
        looks=snapshot.looks,
        letters=snapshot.letters,
        seen={marks[i : i + 16] for i in range(0, len(marks), 16)},
        offset=snapshot.offset,
        hash=snapshot.hash,
        at=snapshot.at,
        position=snapshot.position,
    )
