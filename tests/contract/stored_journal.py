"""A journal as this code wrote it, stored to hold later code against it:  python tests/contract/stored_journal.py

Written once per version that changes decisions on purpose, and never changed: it is what stands in a programme's Kafka.
"""

from __future__ import annotations

from pathlib import Path

from tests.workers.inbox_facts import TERMS, Record, fed, life, record, talking
from workers.journal.fold import Fold

FOLDER = Path(__file__).with_name("journals")
ODD = (b"{broken", b"", b'{"specversion":"1.0"}')


def records() -> list[Record]:
    """The life of a line, a small town that talks, some rubbish, and some copies."""
    lived = [record(one) for one in (*life(), *talking(60))]
    odd = [Record(raw, b"E-0001", lived[-1].now) for raw in ODD]
    return [*lived, *odd, *lived[:40]]


def write(name: str) -> None:
    """The journal of those records stands in this file, a record on each line."""
    FOLDER.mkdir(exist_ok=True)
    values = [value for value, _ in fed(Fold(0, TERMS), records())]
    (FOLDER / f"{name}.jsonl").write_bytes(b"\n".join(values) + b"\n")


if __name__ == "__main__":
    write("0.1")
