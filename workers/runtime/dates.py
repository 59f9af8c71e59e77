"""Times on the screen: in the programme's zone, with the chosen language's names of days and months."""

from __future__ import annotations

from datetime import datetime

from babel.dates import format_datetime

from workers.runtime.language import language
from workers.runtime.terms import ZONE


def shown(at: datetime, pattern: str) -> str:
    """The time in this pattern (CLDR), without the dots that some languages put behind an abbreviation."""
    return format_datetime(at, pattern, tzinfo=ZONE, locale=language()).replace(".", "")
