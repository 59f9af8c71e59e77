"""A look at the programme for one command: its settings, its journal read to the end, and its clock."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final, Protocol

from events.base import SubjectId
from orchestrator.terms import Terms
from workers.cli.page import aside, few
from workers.crew.alone import refuse_half_restored, told_half_restored
from workers.journal.awaiting import Following
from workers.journal.belonging import check_belongs
from workers.journal.fold import Fold
from workers.journal.past import pasts_of
from workers.journal.reading import Journal, folds_of, still_there
from workers.journal.record import Entry
from workers.runtime.clock import clock_of
from workers.runtime.drill import refuse_to_spoil
from workers.runtime.kafka.server import ensure_broker, ensure_kafka
from workers.runtime.language import _
from workers.runtime.saying import Inbox
from workers.runtime.settings import Settings, read_settings
from workers.runtime.terms import terms_of
from workers.runtime.topics import create_topics, partition_of
from workers.runtime.unable import UnableToError, UnableToUnderstandError
from workers.views.known import Known
from workers.views.remembered import keep, recall
from workers.views.times import full
from workers.views.waits import Waits


class Followed(Following, Protocol):
    """The journal as a command needs it (`workers.journal.reading.Journal`)."""

    def catch_up(self, seen: Callable[[int, Entry], None] | None = None) -> None:
        """Read everything that is in the journal at this moment."""

    def in_order(self) -> Iterator[tuple[int, Entry]]:
        """Everything that is in the journal at this moment, with its partition, the oldest first."""

    def inbox_ends(self) -> dict[int, int]:
        """The offset after the last record of each partition of the inbox."""


WORTH_KEEPING: Final = 200
"""So many new records of a partition take longer to read again than to keep what they came to."""


@dataclass
class Session:
    """One command's view of the journal."""

    settings: Settings
    terms: Terms
    folds: dict[int, Fold]
    journal: Followed
    waits: Waits = field(default_factory=Waits)
    remembers: bool = False
    """Whether what is known is kept for the next command."""
    past: datetime | None = None
    """The moment up to which it knows; None: now."""

    def catch_up(self, seen: Callable[[int, Entry], None] | None = None) -> Known:
        """Everything that the journal says at this moment; each record passes by `seen` on the way."""

        def hear(partition: int, entry: Entry) -> None:
            self.waits.hear(entry)
            if seen is not None:
                seen(partition, entry)

        before = {partition: fold.position for partition, fold in self.folds.items()}
        self.journal.catch_up(hear)
        if self.remembers:
            self._keep(before)
        return self.known()

    def history(self) -> Iterator[tuple[int, Entry]]:
        """Everything that the journal says at this moment, by time over all partitions; what is known follows it."""
        for partition, entry in self.journal.in_order():
            self.waits.hear(entry)
            yield partition, entry

    def read(self) -> list[tuple[int, Entry]]:
        """The next accepted records; what is known and what is waited for have followed them."""
        records = list(self.journal.read())
        for _partition, entry in records:
            self.waits.hear(entry)
        return records

    def _keep(self, before: dict[int, int]) -> None:
        """What is known now, where enough is new for it to be worth it."""
        news = [fold for partition, fold in self.folds.items() if fold.position - before[partition] >= WORTH_KEEPING]
        try:
            for fold in news:
                keep(self.settings.readers_dir, fold, self.waits)
        except OSError as error:
            told = _("What was read cannot be kept in {folder} ({why}); the next command reads it all again.")
            print(told.format(folder=self.settings.readers_dir, why=error.strerror), file=sys.stderr)

    def known(self) -> Known:
        """What is known so far."""
        return Known.of(self.folds, self.terms)

    def undecided(self) -> int:
        """How many messages stand in the inbox and are not decided."""
        ends = self.journal.inbox_ends()
        return sum(max(0, ends[partition] - fold.offset - 1) for partition, fold in self.folds.items())

    def awaits(self, subject: SubjectId) -> bool:
        """Whether something that may be about this subject is said and not decided: it may stand otherwise by then."""
        partition = partition_of(subject, self.settings.partitions) if len(self.folds) > 1 else min(self.folds)
        return self.journal.inbox_ends()[partition] > self.folds[partition].offset + 1

    def inbox(self) -> Inbox:
        """Where this command says what it has to say.

        Raises `UnableToBeginError` on half a programme, `UnableToBelongError` on another one than the settings name,
        and `UnableToWorkOnDrillError` on a drill.
        """
        refuse_half_restored(self.settings)  # a restore may have begun since the session did
        check_belongs(self.settings, self.folds.values())
        refuse_to_spoil(self.settings)
        return Inbox(self.settings)

    def now(self) -> datetime:
        """The programme's time: its clock's, and never before the journal's last; or the moment of `past`."""
        if self.past is not None:
            return self.past
        clock = clock_of(self.settings.programme_clock).now()
        return max(clock, self.known().at or clock)


class UnableToFindProgrammeError(UnableToError):
    """Nobody began the programme that is asked about."""


@contextmanager
def session(
    *,
    only: SubjectId | None = None,
    afresh: bool = False,
    past: datetime | None = None,
    hindsight: bool = False,
    begins: bool = False,
    says: bool = False,
    again: bool = False,
) -> Iterator[Session]:
    """A session on the programme of these settings. With `only`, of the partition that holds that subject alone.

    `afresh` is for whoever wants to see every record pass: the others go on from what the last command knew. With
    `past` it knows what was known at that moment; with `hindsight`, also what was learned later and true by then.
    `begins` makes the programme where there is none; without it `UnableToFindProgrammeError` is raised. Whoever `says`
    something is refused on half a programme (`UnableToBeginError`), and whoever only reads is told; not `again`.
    """
    settings = read_settings()
    if says or not again:
        check_whole(settings, says=says)
    _check_looking_back(settings, past, hindsight=hindsight)
    if begins:
        ensure_kafka(settings, say=aside)
    else:
        ensure_begun(settings)
    terms = terms_of(settings)
    folds = folds_of(settings, terms)
    if past is not None:
        folds = pasts_of(settings.partitions, terms, until=past, hindsight=hindsight)
    if only is not None:
        folds = [fold for fold in folds if fold.partition == partition_of(only, settings.partitions)]
    waits = Waits()
    remembers = not afresh and only is None and past is None
    if remembers:
        folds = _recalled(settings, folds, waits)
    journal: Journal[Entry] = Journal(settings, folds)
    try:
        yield Session(settings, terms, {fold.partition: fold for fold in folds}, journal, waits, remembers, past)
    finally:
        journal.close()


def _check_looking_back(settings: Settings, past: datetime | None, *, hindsight: bool) -> None:
    """Nobody looks back to what is still to come. Raises `UnableToUnderstandError`."""
    if past is None and hindsight:
        told = _("Not shown: --hindsight looks back from a moment, and none is named.")
        raise UnableToUnderstandError(told + "\n" + _("Name it:  --at 2027-02-19T14:00"))
    if past is not None and past > (now := clock_of(settings.programme_clock).now()):
        later = _("Not shown: {at} is still to come; by the programme's clock it is {now}.")
        raise UnableToUnderstandError(
            later.format(at=full(past), now=full(now)) + "\n" + _("Name an earlier time, or leave --at out.")
        )


def check_whole(settings: Settings, *, says: bool) -> None:
    """Half of a programme is told to whoever reads it, and refused to whoever says something (`UnableToBeginError`)."""
    if says:
        refuse_half_restored(settings)
    elif told := told_half_restored(settings):
        aside(told)


def ensure_begun(settings: Settings) -> None:
    """Kafka answers, and somebody began the programme; raises `UnableToFindProgrammeError`, and then made nothing."""
    ensure_broker(settings, say=aside)
    create_topics(settings, admit=partial(_must_be_there, settings))


def _must_be_there(settings: Settings, there: list[str]) -> None:
    """A name that was mistyped makes no programme."""
    if settings.topic_prefix not in there:
        raise UnableToFindProgrammeError(_not_there(settings, there))


def _not_there(settings: Settings, there: list[str]) -> str:
    told = _("There is no programme {prefix} on {servers}. Nothing was made.")
    lines = [told.format(prefix=settings.topic_prefix, servers=settings.bootstrap_servers)]
    if there:
        choose = _("There are topics: {names}. Choose some:  export NAADLOOS_TOPIC_PREFIX=NAME")
        lines.append(choose.format(names=few(there)))
        lines.append(_("Are they another programme's?  export NAADLOOS_PROGRAMME=PROGRAMME"))
    lines.append(_("Begin it:  naadloos import FOLDER --go   Or rehearse one:  naadloos demo"))
    return "\n".join(lines)


def _recalled(settings: Settings, folds: list[Fold], waits: Waits) -> list[Fold]:
    """These folds as the last command left them, as far as the journal still says so."""
    kept = {f.partition: found for f in folds if (found := recall(settings.readers_dir, f.partition, f.terms))}
    there = still_there(settings, [fold for fold, _ in kept.values()]) if kept else set()
    for partition in there:
        waits.recall(kept[partition][1])
    return [kept[fold.partition][0] if fold.partition in there else fold for fold in folds]
