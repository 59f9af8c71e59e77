"""How the programme stands, counted from the journal as it grows: lines, open incidents, dead letters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, get_args

from events.base import LineId, type_of
from events.codec import UnreadReason
from events.control import LetterFact, LetterOpened
from events.enrolment import LineEnrolled
from events.envelope import Wire
from events.journal import JournalRecord
from events.outcomes import IncidentClosed, IncidentOpened, LineDone, LineEnded, Owner
from workers.runtime.letters import letter_of

ENROLLED: Final = type_of(LineEnrolled)
OPENED, CLOSED = type_of(IncidentOpened), type_of(IncidentClosed)
LETTER_OPENED = type_of(LetterOpened)
LETTER_TYPES: Final = frozenset(map(type_of, get_args(LetterFact)))
DONE, ENDED = type_of(LineDone), type_of(LineEnded)


class Tally:
    """What the journal says so far."""

    def __init__(self) -> None:
        self._enrolled: set[str] = set()
        self._over: dict[str, str] = {}
        self._incidents: dict[tuple[str, str], str] = {}
        self._letters: dict[str, str] = {}
        self._settled: set[str] = set()

    def heard(self, partition: int, record: JournalRecord) -> None:
        """Count what this record says."""
        data = record.data
        if data.unread is not None:
            self._letters[letter_of("inbox", partition, data.offset)] = data.unread.reason
        if data.heard is not None and data.heard.type in LETTER_TYPES and not data.duplicate:
            self._letter(data.heard)
        if data.heard is not None and data.heard.type == ENROLLED and data.unread is None:
            self._enrolled.add(str(data.heard.data["line"]))
        for outcome in data.outcomes:
            self._outcome(outcome)

    def _outcome(self, outcome: Mapping[str, Any]) -> None:
        type_, line = outcome["type"], str(outcome["line"])
        if type_ == DONE:
            self._over[line] = "done"
        elif type_ == ENDED:
            self._over[line] = "ended"
        elif type_ == OPENED:
            self._incidents[line, outcome["kind"]] = outcome["owner"]
        elif type_ == CLOSED:
            self._incidents.pop((line, outcome["kind"]), None)

    def _letter(self, heard: Wire) -> None:
        if heard.type == LETTER_OPENED:
            self._letters[str(heard.data["letter"])] = str(heard.data["reason"])
        else:
            self._settled.update(map(str, heard.data["letters"]))

    def lines(self) -> dict[str, int]:
        """Enrolled lines by how far they are."""
        over = Counter(state for line, state in self._over.items() if line in self._enrolled)
        return {"done": over["done"], "ended": over["ended"], "under_way": len(self._enrolled) - over.total()}

    def incidents(self) -> dict[str, int]:
        """Lines with an open incident, by owner; a line with two of one owner counts once."""
        lines: dict[str, set[LineId]] = {owner: set() for owner in Owner}
        for (line, _), owner in self._incidents.items():
            lines.setdefault(owner, set()).add(LineId(line))
        return {owner: len(of_owner) for owner, of_owner in lines.items()}

    def letters(self) -> dict[str, int]:
        """Open dead letters by reason."""
        open_ = Counter(reason for letter, reason in self._letters.items() if letter not in self._settled)
        return {**dict.fromkeys(map(str, UnreadReason), 0), **open_}
