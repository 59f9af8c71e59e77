"""The rows as a table for a spreadsheet, or as JSON for another program."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any, Final, TextIO

from workers.audit.rows import Row
from workers.runtime.rows import write_rows

COLUMNS: Final = tuple(field.name for field in fields(Row))


def as_csv(rows: Iterable[Row], out: TextIO) -> None:
    """Write the rows under a line of names; times in UTC. No cell can be taken for a formula."""
    write_rows(out, [COLUMNS])
    write_rows(out, ([_text(getattr(row, name)) for name in COLUMNS] for row in rows))


def as_json(rows: Iterable[Row], out: TextIO, **beside: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
    """Write one object: what is given beside, and the rows."""
    told = [{name: _value(getattr(row, name)) for name in COLUMNS} for row in rows]
    json.dump({**beside, "rows": told}, out, indent=1, ensure_ascii=False)
    out.write("\n")


def _text(value: object) -> str:
    return "" if value is None else str(_value(value))


def _value(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
