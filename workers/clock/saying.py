"""How the clock worker says that a subject's time has come."""

from datetime import datetime

from events.base import SubjectId
from events.control import TimeCome
from events.envelope import Said
from events.registry import AnyFact
from workers.runtime.times import CLOCK, name_of_time


def time_come(subject: SubjectId, due: datetime, now: datetime) -> Said[AnyFact]:
    """The fact that a subject's time has come; its id makes a second one known as the same."""
    return Said(
        id=name_of_time(subject, due),
        source=CLOCK,
        subject=subject,
        time=now,
        recorded=now,
        message=TimeCome(due=due),
        correlation=subject,
    )
