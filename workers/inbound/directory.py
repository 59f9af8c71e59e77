"""Whose a dossier, number, SIM or parcel is: folded from the journal, so that it is the same after every restart."""

from datetime import datetime
from typing import Final

from events.base import LineId, subject_of, type_of
from events.cutover import ReachabilityTested
from events.dispatch import HandedOver, ParcelAnnounced
from events.enrolment import LineEnrolled
from events.journal import JournalRecord
from events.places import KitGranted
from events.porting import RequestPort

NAMES: Final = {
    type_of(LineEnrolled): ("number", "old_iccid"),
    type_of(HandedOver): ("iccid",),
    type_of(ParcelAnnounced): ("barcode",),
    type_of(ReachabilityTested): ("iccid",),
}
"""Which fields of a fact name a thing that belongs to its line."""
GRANTED: Final = type_of(KitGranted)
REQUEST: Final = type_of(RequestPort)


class Directory:
    """From what a report names to the line that it is about: the one that it belonged to last.

    Partitions are read in no order of time, so the time at which it was true counts; at one time, the later subject.
    """

    def __init__(self) -> None:
        self._lines: dict[str, tuple[datetime, LineId]] = {}
        self.changes = 0

    def find(self, name: str) -> LineId | None:
        """The line to which this dossier, number, ICCID or bar code belongs."""
        known = self._lines.get(name)
        return known[1] if known else None

    def heard(self, record: JournalRecord) -> None:
        """Know what this record says of names."""
        heard = record.data.heard
        if heard is not None and not record.data.duplicate:
            for field in NAMES.get(heard.type, ()):
                self._know(heard.data.get(field), heard.data.get("line"), heard.time)
            if heard.type == GRANTED:
                self._know(heard.data.get("kit", {}).get("iccid"), heard.data.get("line"), heard.time)
        for command in record.data.commands:
            if command.get("type") == REQUEST:
                self._know(command.get("dossier"), command.get("line"), record.data.at)

    def _know(self, name: str | None, line: str | None, at: datetime) -> None:
        if not name or not line:
            return
        before = self._lines.get(name)
        if before and (at, subject_of(LineId(line))) < (before[0], subject_of(before[1])):
            return
        self._lines[name] = at, LineId(line)
        if before is None or before[1] != line:
            self.changes += 1
