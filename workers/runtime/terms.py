"""The limits of this programme, as every process must have them: the same zone, the same working days."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

import holidays

from orchestrator.terms import Terms
from workers.runtime.settings import Settings

ZONE: Final = ZoneInfo("Europe/Amsterdam")
COUNTRY: Final = "NL"
YEARS: Final = range(2020, 2051)
"""Fixed and not "around now": two processes that start on either side of a new year must count the same days."""


def terms_of(settings: Settings) -> Terms:
    """The terms that every process of this programme decides and explains by."""
    return Terms(programme=settings.programme, zone=ZONE, holidays=public_holidays())


@cache
def public_holidays() -> frozenset[date]:
    """The public holidays of the Netherlands, on which neither provider nor employee is at work."""
    return frozenset(holidays.country_holidays(COUNTRY, years=YEARS))
