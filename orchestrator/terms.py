"""The limits that a programme sets: how long, how often, how many. Handed to every decision."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from events.enrolment import Critical


@dataclass(frozen=True)
class Terms:
    """Limits of a programme. Durations are elapsed time unless they say working days."""

    programme: str
    zone: tzinfo = UTC
    """The zone in which working days are counted (Europe/Amsterdam)."""
    holidays: frozenset[date] = field(default_factory=frozenset)
    answer_sla_days: int = 3
    """Working days within which the old provider answers (`scenarios/S10.yaml`)."""
    acceptance: timedelta = timedelta(days=90)
    """How long an acceptance holds after the first possible date (`scenarios/S15.yaml`)."""
    expiry_warnings: tuple[timedelta, ...] = (timedelta(days=30), timedelta(days=14), timedelta(days=7))
    evidence: timedelta = timedelta(hours=2)
    """How old a proof may be at the moment of effect."""
    evidence_critical: timedelta = timedelta(minutes=45)
    not_after: timedelta = timedelta(minutes=2)
    """How long an irreversible command holds, for a provider on call."""
    test_before: timedelta = timedelta(minutes=30)
    """How long before the slot the proof is renewed."""
    net_before: timedelta = timedelta(days=1)
    """How long before the slot the safety net is set."""
    worker_patience: timedelta = timedelta(hours=4)
    """How long a command may be without any answer before ops are told."""
    patience: timedelta = timedelta(minutes=15)
    """How long a worker's answer may take before the outcome is asked for."""
    execution_patience: timedelta = timedelta(minutes=30)
    batch_patience: timedelta = timedelta(hours=2)
    settle: timedelta = timedelta(minutes=10)
    """How long after the port the first test comes: the interruption at the port is shorter."""
    retests: tuple[timedelta, ...] = (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=60))
    """`scenarios/S36.yaml`."""
    retest_daily: timedelta = timedelta(days=1)
    attach_patience: timedelta = timedelta(hours=4)
    insert_patience: timedelta = timedelta(minutes=45)
    after_care_days: int = 3
    after_care_test: timedelta = timedelta(hours=12)
    """How long after a test the next comes at the earliest: at the daily hour."""
    daily_hour: int = 12
    """The hour (programme's zone) at which lines in after-care are tested."""
    sms_days: int = 3
    sms_first: timedelta = timedelta(hours=4)
    confirm_before: timedelta = timedelta(days=1)
    """How long before the slot an unanswered invitation becomes a task."""
    parcel_reminder_days: int = 2
    missed_slots: int = 2
    """`scenarios/S26.yaml`."""
    replan_days: int = 2
    """Working days between a slot that failed and the next one."""
    book_before: timedelta = timedelta(days=1)
    insert_before: timedelta = timedelta(hours=1)
    """How long before the last moment to recall the owner of a single phone changes SIMs."""
    recall_margin: timedelta = timedelta(minutes=10)
    """How long before the last moment to recall the gate decides."""
    round_hour: int = 6
    """The hour (programme's zone) at which contended places are granted."""
    origins: tuple[str, ...] = ("kpn", "odido", "vodafone")
    """The networks from which a line is tested (gate rule 14)."""

    def evidence_for(self, critical: Critical | None) -> timedelta:
        """How old a proof may be for such a line."""
        return self.evidence_critical if critical else self.evidence

    def is_working(self, day: date) -> bool:
        """Whether people work on this day."""
        return _is_working(self.holidays, day)

    def working_days_after(self, at: datetime, days: int) -> datetime:
        """The same local time so many working days later, in UTC (`scenarios/S10.yaml`, `scenarios/S50.yaml`)."""
        return _working_days_after(self.zone, self.holidays, at, days)

    def at_the_daily_hour(self, at: datetime) -> datetime:
        """The first moment not before `at` at which lines in after-care are looked after, all together. UTC."""
        return _at_the_hour(self.zone, self.daily_hour, at)

    def on_the_hour(self, at: datetime) -> datetime:
        """The first whole hour not before `at`: what is not urgent is looked at then, many lines together."""
        whole = at.replace(minute=0, second=0, microsecond=0)
        return whole if whole == at else whole + timedelta(hours=1)

    def next_round(self, now: datetime) -> datetime:
        """The next moment at which contended places are granted, in UTC."""
        return _at_the_hour(self.zone, self.round_hour, now + timedelta.resolution)


# A line is looked at some forty times, and each time the same few moments are counted from: they are remembered.
REMEMBERED: Final = 20_000


def _is_working(holidays: frozenset[date], day: date) -> bool:
    return day.weekday() < 5 and day not in holidays  # noqa: PLR2004 - Saturday is day five


@lru_cache(REMEMBERED)
def _working_days_after(zone: tzinfo, holidays: frozenset[date], at: datetime, days: int) -> datetime:
    local = at.astimezone(zone)
    day = local.date()
    while days > 0:
        day += timedelta(days=1)
        days -= _is_working(holidays, day)
    return datetime.combine(day, local.time(), zone).astimezone(UTC)


@lru_cache(REMEMBERED)
def _at_the_hour(zone: tzinfo, hour: int, at: datetime) -> datetime:
    """The first moment not before `at` at which it is this hour in the zone. UTC."""
    local = at.astimezone(zone)
    mark = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return (mark if mark >= local else mark + timedelta(days=1)).astimezone(UTC)
