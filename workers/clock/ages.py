"""How long the oldest of what waits has waited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Since:
    """When something began to wait: by the programme's clock, and by this process's own (`time.monotonic`).

    A rehearsal's clock stands still while somebody is awaited, and this process may have begun after the waiting did.
    So the age is the larger of the two.
    """

    at: datetime
    noticed: float

    def age(self, now: datetime, tick: float) -> float:
        """Seconds."""
        return max(0.0, (now - self.at).total_seconds(), tick - self.noticed)
