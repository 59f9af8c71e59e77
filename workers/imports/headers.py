"""The header of a file: whether it has the columns that are needed, and none that must not be there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workers.imports.citizen import holds_citizen_numbers
from workers.imports.findings import Fault
from workers.imports.texts import DELIMITER, TextRow
from workers.runtime.language import _


def column_names(header: TextRow) -> list[str]:
    """The names in the header, whatever their capitals and the spaces around them."""
    return [cell.strip().lower() for cell in header.cells]


def header_faults(file: str, wanted: Sequence[str], rows: Sequence[TextRow]) -> list[Fault]:
    """What is wrong with the columns of this file."""
    header = rows[0]
    names = column_names(header)
    if len(names) == 1 and any(other in names[0] for other in ",\t"):
        remedy = _("Save it as CSV with semicolons between the columns")
        return [Fault(file, header.row, None, _("no semicolons between the columns"), remedy)]
    if not set(names) & set(wanted):
        # Told without naming what stands there, which is data: names and addresses of people.
        remedy = _("Begin the file with: {columns}").format(columns=DELIMITER.join(wanted))
        return [Fault(file, header.row, None, _("the first row is not the header"), remedy)]
    return [*_gaps(file, wanted, header), *_strangers(file, wanted, rows), *_citizens(file, rows)]


def _gaps(file: str, wanted: Sequence[str], header: TextRow) -> Iterator[Fault]:
    names = column_names(header)
    for name in wanted:
        if name not in names:
            yield Fault(file, header.row, name, _("the column is missing"), _("Add it, with empty cells if need be"))
        elif names.count(name) > 1:
            yield Fault(file, header.row, name, _("the column stands here more than once"), _("Keep one"))


def _strangers(file: str, wanted: Sequence[str], rows: Sequence[TextRow]) -> Iterator[Fault]:
    for at, name in enumerate(column_names(rows[0])):
        if name not in wanted and not holds_citizen_numbers(name, _cells(rows, at)):
            remedy = _("Take it out; the columns are {columns}").format(columns=DELIMITER.join(wanted))
            yield Fault(file, rows[0].row, name or str(at + 1), _("the column is not known"), remedy)


def _citizens(file: str, rows: Sequence[TextRow]) -> Iterator[Fault]:
    for at, name in enumerate(column_names(rows[0])):
        if holds_citizen_numbers(name, _cells(rows, at)):
            what = _("holds what looks like citizen service numbers (BSN), which have no place here")
            yield Fault(file, rows[0].row, name or str(at + 1), what, _("Take the numbers out of the file"))


def _cells(rows: Sequence[TextRow], at: int) -> list[str]:
    return [row.cells[at] for row in rows[1:] if at < len(row.cells)]
