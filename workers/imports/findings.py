"""What an import found: faults that stop it, notices of what it repaired, and the one error that lists them all."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from workers.runtime.language import _, n_
from workers.runtime.unable import UnableToError


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, where it stands, and what to do about it.

    Tells ids, and never the content of a cell: a name, address or number has no place in an error text.
    """

    file: str
    row: int | None
    """The line in the file, the header being row 1; None where the whole file or column is meant."""
    column: str | None
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{_place(self.file, self.row, self.column)}: {self.what}. {self.remedy}."


@dataclass(frozen=True)
class Notice:
    """One thing that was repaired or read in another way than it was written."""

    file: str
    row: int | None
    column: str | None
    what: str

    def __str__(self) -> str:
        return f"{_place(self.file, self.row, self.column)}: {self.what}."


@dataclass
class Findings:
    """What was found so far. An import goes on after a fault, so that one run tells all of them."""

    faults: list[Fault] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


class UnableToImportError(UnableToError):
    """Nothing was imported, for the faults that are listed."""

    kind = "wrong"

    def __init__(self, folder: Path, faults: tuple[Fault, ...]) -> None:
        files = len({fault.file for fault in faults})
        head = _("Import not done: {faults} in {files} of {folder}.").format(
            faults=n_("{number} fault", "{number} faults", len(faults)),
            files=n_("{number} file", "{number} files", files),
            folder=folder,
        )
        foot = _("Nothing was taken over. Mend them and type again:  naadloos import {folder}").format(folder=folder)
        super().__init__("\n".join((head, *(f"  {fault}" for fault in faults), foot)))
        self.faults = faults


def _place(file: str, row: int | None, column: str | None) -> str:
    parts = [file]
    if row is not None:
        parts.append(_("row {row}").format(row=row))
    if column is not None:
        parts.append(_("column {column}").format(column=column))
    return ", ".join(parts)
