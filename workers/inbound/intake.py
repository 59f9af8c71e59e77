"""Takes reports in: each becomes a fact in its subject's inbox before it is acknowledged."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Final

import structlog

from events.base import Account, SubjectId, type_of
from events.control import ReportDismissed, ReportRouted, ReportUnrouted
from events.envelope import Said
from events.journal import JournalRecord
from events.registry import AnyFact
from workers.inbound.directory import Directory
from workers.inbound.translate import fact_of, name_in, subject_for
from workers.inbound.unrouted import Unrouted, name_of
from workers.journal.reading import Journal
from workers.providers.reports import Report, Spoken
from workers.runtime.clock import Clock
from workers.runtime.metrics import count
from workers.runtime.saying import Inbox, UnableToShortenError

SOURCE: Final = "/naadloos/inbound"
INBOUND: Final = Account("inbound")
"""Whose account dismisses the reports that are let go."""
TOO_MANY: Final = "too many match nobody"
DISMISSED: Final = type_of(ReportDismissed)
SETTLED: Final = frozenset({type_of(ReportRouted), DISMISSED})
log = structlog.get_logger()


class Intake:
    """Where reports come in."""

    def __init__(
        self, *, programme: str, journal: Journal[JournalRecord], inbox: Inbox, clock: Clock, unrouted: Unrouted
    ) -> None:
        self._programme = SubjectId(f"P-{programme}")
        self._journal = journal
        self._inbox = inbox
        self._clock = clock
        self._unrouted = unrouted
        self._directory = Directory()
        self._offered = 0
        self._settled: set[str] = set()
        """Wait no longer, and may still stand on disk."""
        self._dismissed: set[str] = set()
        """Do not wait again, though their source repeats them."""
        self.follow(catch_up=True)

    def follow(self, *, catch_up: bool = False) -> None:
        """Know what the journal says by now."""
        if catch_up:
            self._journal.catch_up(lambda _, record: self._heard(record))
        for _, record in self._journal.read(0.0):
            self._heard(record)
        self._settle()

    def _heard(self, record: JournalRecord) -> None:
        self._directory.heard(record)
        heard = record.data.heard
        if heard is None or heard.type not in SETTLED or heard.subject != self._programme:
            return
        name = f"{heard.data.get('source')}/{heard.data.get('reference')}"
        self._settled.add(name)
        if heard.type == DISMISSED:
            self._dismissed.add(name)

    def _settle(self, names: Iterable[str] = ()) -> None:
        """These stand on disk no longer, nor does what a full disk did not let go of before."""
        self._settled.update(names)
        with suppress(OSError):
            self._unrouted.forget(self._settled)
            self._settled.clear()

    def take(self, reports: list[Report]) -> list[str]:
        """Say what these reports state; the ids under which it was said. Durable when this returns."""
        self.follow()
        if any(self._fact(report) is None for report in reports):
            self.follow(catch_up=True)  # a name may have been given a moment ago
        said, unmatched = [], []
        for report in reports:
            fact = self._fact(report)
            if fact is None:
                unmatched.append(report)
            said.append(fact or self._nobody(report))
        self._say(said, [report for report in unmatched if name_of(report) not in self._dismissed])
        count("naadloos_reports_total", len(reports) - len(unmatched), outcome="routed")
        count("naadloos_reports_total", len(unmatched), outcome="unrouted")
        log.info("reports taken", count=len(reports), reason=f"{len(unmatched)} match nobody")
        return [fact.id for fact in said]

    def _say(self, said: list[Said[AnyFact]], waiting: list[Report]) -> None:
        """Kept before it is said: whoever reads that a report waits finds it waiting, whenever this process dies.

        Said before it is kept, it was lost by a kill in between, unless its source said it again.
        """
        fresh = [name for report in waiting if (name := name_of(report)) not in self._unrouted.reports]
        self._unrouted.keep(waiting)
        over = self._unrouted.over()
        try:
            self._inbox.say_all([*said, *map(self._let_go, over)])
        except UnableToShortenError:  # nothing was said, so nothing was taken
            self._unrouted.forget(fresh)
            raise
        if over:
            log.warning("reports let go", count=len(over), reason=TOO_MANY)
            self._settle(map(name_of, over))

    def offer_again(self) -> None:
        """Offer the waiting reports again, if the directory knows more than it did."""
        if not self._unrouted.reports or self._directory.changes == self._offered:
            return
        self._offered = self._directory.changes
        waiting = {name: report for name, report in self._unrouted.reports.items() if name not in self._settled}
        found = {name: fact for name, report in waiting.items() if (fact := self._fact(report))}
        if found:
            self._inbox.say_all(found.values())
            # What is said at once may stand in part, and whoever reads that a report was routed lets go of it.
            self._inbox.say_all(self._found(waiting[name]) for name in found)
            self._settle(found)

    def _fact(self, report: Report) -> Said[AnyFact] | None:
        line = self._directory.find(name_in(report))
        subject = subject_for(report, line)
        if isinstance(report, Spoken):
            return self._said(report, report.subject, report.fact, actor=report.actor)
        fact = fact_of(report, line) if line else None
        return self._said(report, subject, fact) if subject and fact else None

    def _said(self, report: Report, subject: SubjectId, fact: AnyFact, *, actor: str = "") -> Said[AnyFact]:
        return Said(
            id=report.id,
            source=report.source,
            subject=subject,
            time=report.at,
            recorded=self._clock.now(),
            message=fact,
            correlation=subject,
            actor=actor,
        )

    def _nobody(self, report: Report) -> Said[AnyFact]:
        unrouted = ReportUnrouted(source=report.source, reference=report.id, kind=report.kind)
        return self._of_programme(f"unrouted/{name_of(report)}", unrouted, at=report.at)

    def _found(self, report: Report) -> Said[AnyFact]:
        routed = ReportRouted(source=report.source, reference=report.id, kind=report.kind)
        return self._of_programme(f"routed/{name_of(report)}", routed, at=report.at)

    def _let_go(self, report: Report) -> Said[AnyFact]:
        dismissed = ReportDismissed(source=report.source, reference=report.id, why=TOO_MANY, by=INBOUND)
        return self._of_programme(f"let-go/{name_of(report)}", dismissed, at=self._clock.now())

    def _of_programme(self, id_: str, fact: AnyFact, *, at: datetime) -> Said[AnyFact]:
        return Said(id_, SOURCE, self._programme, at, self._clock.now(), fact, correlation=self._programme)
