"""What an import found: faults that stop it, notices of what it repaired, and the one error that lists them all."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

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

    def __init__(self, folder: Path, faults: tuple[Fault, ...]) -> None:
        files = len({fault.file for fault in faults})
        super().__init__(
            "\n".join(
                (
                    f"Import not done: {_count(len(faults), 'fault')} in {_count(files, 'file')} of {folder}.",
                    *(f"  {fault}" for fault in faults),
                    f"Nothing was taken over. Mend them and type again:  naadloos import {folder}",
                )
            )
        )
        self.faults = faults


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _place(file: str, row: int | None, column: str | None) -> str:
    parts = [file]
    if row is not None:
        parts.append(f"row {row}")
    if column is not None:
        parts.append(f"column {column}")
    return ", ".join(parts)
