"""Whose a dossier, number, SIM or parcel is: folded from the journal, so that it is the same after every restart."""

from typing import Final

from events.base import LineId, type_of
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
    """From what a report names to the line that it is about."""

    def __init__(self) -> None:
        self._lines: dict[str, LineId] = {}
        self.changes = 0

    def find(self, name: str) -> LineId | None:
        """The line to which this dossier, number, ICCID or bar code belongs."""
        return self._lines.get(name)

    def heard(self, record: JournalRecord) -> None:
        """Know what this record says of names."""
        heard = record.data.heard
        if heard is not None and not record.data.duplicate:
            for field in NAMES.get(heard.type, ()):
                self._know(heard.data.get(field), heard.data.get("line"))
            if heard.type == GRANTED:
                self._know(heard.data.get("kit", {}).get("iccid"), heard.data.get("line"))
        for command in record.data.commands:
            if command.get("type") == REQUEST:
                self._know(command.get("dossier"), command.get("line"))

    def _know(self, name: str | None, line: str | None) -> None:
        if name and line and self._lines.get(name) != line:
            self._lines[name] = LineId(line)
            self.changes += 1
