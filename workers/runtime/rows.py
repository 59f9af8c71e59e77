"""Rows for a spreadsheet, none of which it can take for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Final, TextIO

from workers.runtime.signs import printable

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def write_rows(out: TextIO, rows: Iterable[Iterable[str]]) -> None:
    """Write these rows as CSV, each on one line. A cell that might be a formula has an apostrophe before it."""
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        writer.writerow([printable(f"'{cell}" if cell.startswith(FORMULA) else cell) for cell in row])
