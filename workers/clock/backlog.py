"""Which records of the inbox are not decided yet, and how long the oldest of each partition has waited."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime

from workers.clock.ages import Since

RecordedAt = Callable[[int, int], datetime | None]
"""When the inbox record at this partition and offset was recorded; None where it does not say."""


class Backlog:
    """The inbox's ends as they were seen one after the other, held against the heads of the journal's chains.

    A record waits since the first look at which the inbox had it. What stood there already at the very first look waits
    since it was recorded, which `recorded_at` is asked for once, so that a restarted clock worker makes nothing young.
    """

    def __init__(self, recorded_at: RecordedAt) -> None:
        self._recorded_at = recorded_at
        self._ends: dict[int, int] = {}
        self._seen: dict[int, deque[tuple[int, Since]]] = {}
        """Per partition: up to which offset there was something at a look, and since when."""

    def look(self, ends: Mapping[int, int], heads: Mapping[int, int], *, now: datetime, tick: float) -> None:
        """These are the inbox's ends now, and the inbox offsets decided last. `tick` is `time.monotonic`."""
        for partition, end in ends.items():
            seen = self._seen.setdefault(partition, deque())
            if end > self._ends.get(partition, 0) and end > heads[partition] + 1:
                seen.append((end, self._since(partition, heads[partition] + 1, now, tick)))
            self._ends[partition] = max(end, self._ends.get(partition, 0))
            while seen and seen[0][0] <= heads[partition] + 1:
                seen.popleft()

    def _since(self, partition: int, offset: int, now: datetime, tick: float) -> Since:
        recorded = None if partition in self._ends else self._recorded_at(partition, offset)
        return Since(recorded or now, tick)

    def oldest(self, now: datetime, tick: float) -> dict[int, float]:
        """Seconds that the oldest of each partition has waited; 0 where all are decided."""
        return {partition: seen[0][1].age(now, tick) if seen else 0.0 for partition, seen in self._seen.items()}

    def counts(self, heads: Mapping[int, int]) -> dict[int, int]:
        """How many there are on each partition."""
        return {partition: max(0, end - heads[partition] - 1) for partition, end in self._ends.items()}
