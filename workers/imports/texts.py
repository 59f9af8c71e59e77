"""From a file's bytes to its rows of cells, as Dutch spreadsheets write them: semicolons, UTF-8 or its forerunner."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workers.imports.findings import Fault, Findings, Notice
from workers.runtime.language import _, marked

DELIMITER: Final = ";"
BYTE_ORDER_MARK: Final = "\ufeff"
"""What spreadsheets put before UTF-8; once more each time that a program which does not know it saves the file."""
_SAVE: Final = marked("Save it as: CSV UTF-8")


@dataclass(frozen=True)
class TextRow:
    """The cells of one row, and the line of the file on which it begins."""

    row: int
    cells: list[str]


def text_rows(path: Path, *, findings: Findings) -> list[TextRow]:
    """The filled rows of this file, its header first; none, and a fault, when it cannot be read."""
    text = _decoded(path, findings)
    if text is None:
        return []
    try:
        rows = list(_split(text))
    except csv.Error as error:
        findings.faults.append(_of_file(path, _("not a table ({error})").format(error=error), _(_SAVE)))
        return []
    if not rows:
        findings.faults.append(_of_file(path, _("empty"), _("Begin with the header")))
    return rows


def _split(text: str) -> Iterator[TextRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=DELIMITER, strict=True)
    row = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield TextRow(row, cells)
        # A cell may hold line ends: the next row begins after the last line that the reader took.
        row = reader.line_num + 1


def _decoded(path: Path, findings: Findings) -> str | None:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        remedy = _("Add it, with a header alone if there is nothing to say")
        findings.faults.append(_of_file(path, _("not there"), remedy))
        return None
    except OSError as error:
        what = _("cannot be read ({error})").format(error=error.strerror)
        findings.faults.append(_of_file(path, what, _("Make it a readable file")))
        return None
    if b"\x00" in raw:
        findings.faults.append(_of_file(path, _("not a text in UTF-8"), _(_SAVE)))
        return None
    return _utf8(raw, path, findings)


def _utf8(raw: bytes, path: Path, findings: Findings) -> str | None:
    try:
        return raw.decode("utf-8").lstrip(BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError:
        what = _("neither UTF-8 nor the older Windows encoding")
        findings.faults.append(Fault(path.name, row, None, what, _(_SAVE)))
        return None
    what = _("not UTF-8, so read in the older Windows encoding (cp1252): look whether names with é or ë came out well")
    findings.notices.append(Notice(path.name, row, None, what))
    return text


def _of_file(path: Path, what: str, remedy: str) -> Fault:
    return Fault(path.name, None, None, what, remedy)
