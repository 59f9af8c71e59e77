"""A decider on a real Kafka starts from its snapshots, and believes none that the journal does not bear out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from events.base import LetterId, SubjectId
from orchestrator.record import Holder, with_
from tests.integration.deciders import decider, log_of, settled, tell, until
from tests.workers.inbox_facts import known, town
from workers.journal.snapshot import path_of, restore, save
from workers.runtime.settings import Settings
from workers.runtime.terms import terms_of

pytestmark = pytest.mark.integration


def test_a_restart_from_snapshots_is_a_restart_without_them(programme: Settings) -> None:
    tell(programme, town(20))
    with decider(programme):
        assert settled(programme).wrong == []
    first = snapshots(programme)
    for partition in first:
        path_of(programme.snapshots_dir, partition).unlink()
    restarted(programme)
    without = snapshots(programme)
    restarted(programme)

    assert snapshots(programme) == without == first
    assert len(first) == programme.partitions


def test_a_snapshot_is_believed_only_where_the_journal_has_its_very_record(programme: Settings) -> None:
    tell(programme, town(40))  # so many that every partition has heard something
    with decider(programme):
        assert settled(programme).wrong == []
    true = snapshots(programme)
    marked = {p: mark(programme, p) for p in true}
    restarted(programme)
    assert snapshots(programme) == marked  # it is from the snapshot that it started

    for partition in true:
        mark(programme, partition, hash="ab" * 16)
    restarted(programme)
    assert snapshots(programme) == true


def test_a_snapshot_that_cannot_be_written_stops_nothing_and_is_told(programme: Settings) -> None:
    programme.snapshots_dir.parent.mkdir(parents=True, exist_ok=True)
    programme.snapshots_dir.write_text("a file where the folder should be")
    with decider(programme):
        tell(programme, town(20))
        assert settled(programme).wrong == []
        tell(programme, town(21)[-30:])
        assert settled(programme).wrong == []

    assert "snapshot not written" in log_of(programme)


def snapshots(settings: Settings) -> dict[int, dict[str, object]]:
    """What the snapshots say."""
    kept = (restore(settings.snapshots_dir, p, terms_of(settings)) for p in range(settings.partitions))
    return {fold.partition: known(fold) for fold in kept if fold is not None}


def mark(settings: Settings, partition: int, **head: str) -> dict[str, object]:
    """Put something into the snapshot that no journal says."""
    fold = restore(settings.snapshots_dir, partition, terms_of(settings))
    assert fold is not None
    strange = with_(Holder(SubjectId("E-9999")), letters=frozenset({LetterId("inbox/0/7")}))
    fold = replace(fold, states={**fold.states, strange.id: strange}, **head)  # type: ignore[arg-type]
    save(fold, settings.snapshots_dir)
    return known(fold)


def restarted(settings: Settings) -> None:
    """A decider was started, got its partitions, and was stopped."""
    before = log_of(settings).count("partitions assigned")
    with decider(settings):
        until(lambda: log_of(settings).count("partitions assigned") > before, settings)
