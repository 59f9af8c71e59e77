"""Beyond what a value is worth an alarm: held by `naadloos ps --health`, and by the rules in `deploy/alerts/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from workers.runtime.metrics import BREAKER_STATES, GaugeName

LIMITS: Final[Mapping[GaugeName, float]] = {
    "naadloos_oldest_undecided_input_seconds": 60,
    "naadloos_oldest_unanswered_command_seconds": 300,
    "naadloos_dead_letters_open": 0,
    "naadloos_promises_broken": 0,
    "naadloos_breaker_state": BREAKER_STATES.index("half-open"),
}
"""What is more than this is too much. A test holds the alert rules to the same numbers."""
