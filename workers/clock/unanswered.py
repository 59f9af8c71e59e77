"""Which commands have no answer yet, by kind: folded from the journal, so that a restarted clock knows the old ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from events.journal import JournalRecord
from events.registry import COMMAND_TYPES, WORKER_OF, WORKERS
from workers.clock.ages import Since
from workers.journal.outputs import command_id

KIND_OF: Final[Mapping[str, str]] = {type_: WORKER_OF[command] for type_, command in COMMAND_TYPES.items()}


class Unanswered:
    """Commands by the id that each gets from its place in the journal; one answer ends one command.

    An answer is said to the subject that gave the order, so it stands on the same partition, behind it.
    """

    def __init__(self) -> None:
        self._since: dict[str, dict[str, Since]] = {kind: {} for kind in WORKERS}
        self._kinds: dict[str, str] = {}

    def heard(self, partition: int, record: JournalRecord, *, tick: float) -> None:
        """Know what this record hears in answer, and what it orders. `tick` is this process's `time.monotonic`."""
        data = record.data
        if data.heard is not None and (kind := self._kinds.pop(data.heard.causationid, None)) is not None:
            del self._since[kind][data.heard.causationid]
        for number, command in enumerate(data.commands):
            if (kind := KIND_OF.get(str(command["type"]))) is not None:
                id_ = command_id(partition, data.offset, number)
                self._kinds[id_], self._since[kind][id_] = kind, Since(data.at, tick)

    def counts(self) -> dict[str, int]:
        """How many there are of each kind."""
        return {kind: len(waiting) for kind, waiting in self._since.items()}

    def oldest(self, now: datetime, tick: float) -> dict[str, float]:
        """Seconds that the oldest of each kind has waited, 0 where none waits."""
        return {
            kind: max((since.age(now, tick) for since in waiting.values()), default=0.0)
            for kind, waiting in self._since.items()
        }
