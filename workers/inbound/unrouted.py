"""Reports that match nobody wait on disk, and are offered again whenever the directory knows more.

The file is a list per line: reports that wait from then on, and names of such as wait no longer. A line that was not
ended when the machine stopped was acknowledged to nobody.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import to_json

from orchestrator.shared.programme import MOST_WAITING
from workers.providers.reports import Report
from workers.runtime.files import kept

MOST: Final = MOST_WAITING
"""So many reports wait; of more the oldest are let go. What they are about can be asked of their source."""
SPARE: Final = 1_000
"""So many entries more than reports are worth no rewriting."""
_ENTRIES: Final[TypeAdapter[list[Annotated[Report, Field(discriminator="kind")] | str]]] = TypeAdapter(
    list[Annotated[Report, Field(discriminator="kind")] | str]
)


def name_of(report: Report) -> str:
    """What a report is known by: two sources may use one id."""
    return f"{report.source}/{report.id}"


class Unrouted:
    """The waiting reports, by source and id, the oldest first."""

    def __init__(self, path: Path, *, most: int = MOST) -> None:
        self._path = path
        self._most = most
        path.parent.mkdir(parents=True, exist_ok=True)
        self.reports = _waiting(path.read_bytes()) if path.exists() else {}
        self._entries: int | None = None
        """How many entries the file has; None where it does not end in a whole line, or is not there."""

    def keep(self, reports: Iterable[Report]) -> None:
        """These wait as well, and would after a power cut."""
        self._write([report for report in reports if self.reports.get(name_of(report)) != report])

    def over(self) -> list[Report]:
        """The oldest, where more wait than should: whoever keeps reports has these to let go."""
        return list(self.reports.values())[: max(0, len(self.reports) - self._most)]

    def forget(self, names: Iterable[str]) -> None:
        """These wait no longer. Names of which none waits are no matter."""
        self._write([name for name in names if name in self.reports])

    def _write(self, entries: Sequence[Report | str]) -> None:
        if not entries:
            return
        before = dict(self.reports)
        for entry in entries:
            _take(self.reports, entry)
        try:
            self._put(entries)
        except OSError:
            self.reports, self._entries = before, None
            raise

    def _put(self, entries: Sequence[Report | str]) -> None:
        if self._entries is None or self._entries + len(entries) > 2 * len(self.reports) + SPARE:
            kept(self._path, _line(list(self.reports.values())))
            self._entries = len(self.reports)
            return
        with self._path.open("ab") as file:
            file.write(_line(entries))
            file.flush()
            os.fsync(file.fileno())
        self._entries += len(entries)


def in_either(before: bytes, after: bytes) -> bytes:
    """A file in which waits what waited at the first reading, and what came until the second, gone again or not."""
    if before == after:
        return before
    came = after.removeprefix(before[: before.rfind(b"\n") + 1])
    waiting = _waiting(before) | {name_of(entry): entry for entry in _read(came) if not isinstance(entry, str)}
    return _line([*waiting.values()])


def _waiting(body: bytes) -> dict[str, Report]:
    waiting: dict[str, Report] = {}
    for entry in _read(body):
        _take(waiting, entry)
    return waiting


def _take(waiting: dict[str, Report], entry: Report | str) -> None:
    if isinstance(entry, str):
        waiting.pop(entry, None)
    else:
        waiting[name_of(entry)] = entry


def _line(entries: Sequence[Report | str]) -> bytes:
    return to_json([entry if isinstance(entry, str) else entry.model_dump(mode="json") for entry in entries]) + b"\n"


def _read(body: bytes) -> Iterable[Report | str]:
    *lines, last = body.split(b"\n")
    for line in lines:
        yield from _ENTRIES.validate_json(line)
    try:
        yield from _ENTRIES.validate_json(last or b"[]")
    except ValidationError:
        return  # cut off halfway
