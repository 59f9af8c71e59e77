"""What a restore puts back beside Kafka: what waited stands again where the folder was there all along, too."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from events.base import Iccid
from tests.workers.inbox_facts import MONDAY, PROGRAMME
from tests.workers.kept_programme import AT, ends_of, fill, programme, records
from workers.inbound.unrouted import Unrouted
from workers.keeping import beforehand, groups, restore
from workers.keeping.file import Place
from workers.keeping.opening import begun, opened
from workers.providers.reports import SimReport
from workers.runtime.settings import Settings

TOPICS = programme(records())


def report(name: str) -> SimReport:
    """A report about a SIM that nobody has."""
    return SimReport(id=name, source="provider", at=MONDAY, iccid=Iccid("8931000000000000009"), state="attached")


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A programme of which Kafka takes everything, and hands it over again."""
    whole: Counter[Place] = Counter({place: end for place, end in ends_of(TOPICS).items() if end})
    monkeypatch.setattr(restore, "create_topics", lambda _: None)
    monkeypatch.setattr(restore, "_put_back", lambda *_: None)
    monkeypatch.setattr(groups, "restore", lambda *_: None)
    monkeypatch.setattr(restore, "standing", lambda *_: whole)
    return Settings(programme=PROGRAMME, topic_prefix=PROGRAMME, state_dir=tmp_path / "ours", partitions=1)


def unrouted_of(settings: Settings) -> Unrouted:
    return Unrouted(settings.folder / "unrouted.json")


def put_back(settings: Settings, path: Path, beside: dict[str, bytes]) -> None:
    """A backup with these files beside it is restored."""
    with begun(path, programme=PROGRAMME, prefix=PROGRAMME, partitions=1) as file:
        if not file.counts():
            fill(file, TOPICS)
        file.close_cut(ends_of(TOPICS), [], beside=beside, at=MONDAY)
    with opened(path) as file:
        restore.restore(settings, file, Counter())


def test_what_waited_waits_again_though_it_was_routed_since_and_so_does_what_came_since(
    ours: Settings, tmp_path: Path
) -> None:
    unrouted_of(ours).keep([report("routed")])
    beside = {"unrouted.json": (ours.folder / "unrouted.json").read_bytes()}
    unrouted_of(ours).keep([report("comes")])
    unrouted_of(ours).forget(["provider/routed"])

    put_back(ours, tmp_path / "town.backup", beside)
    put_back(ours, tmp_path / "town.backup", beside)

    assert set(unrouted_of(ours).reports) == {"provider/routed", "provider/comes"}


def test_what_waited_waits_again_where_no_folder_is_left(ours: Settings, tmp_path: Path) -> None:
    Unrouted(tmp_path / "kept.json").keep([report("waits")])

    ours.folder.mkdir(parents=True)
    put_back(ours, tmp_path / "town.backup", {"unrouted.json": (tmp_path / "kept.json").read_bytes()})

    assert set(unrouted_of(ours).reports) == {"provider/waits"}


def test_a_clock_that_went_on_is_not_set_back(ours: Settings, tmp_path: Path) -> None:
    ours.folder.mkdir(parents=True)
    (ours.folder / "clock").write_bytes(b"2027-03-08T08:00:00+00:00")

    put_back(ours, tmp_path / "town.backup", {"clock": b"2027-03-01T08:00:00+00:00"})

    assert (ours.folder / "clock").read_bytes() == b"2027-03-08T08:00:00+00:00"


@pytest.mark.parametrize("at", [-1, 0])
def test_a_record_without_a_time_of_its_own_is_found_again_at_the_time_at_which_it_was_put_back(
    at: int, ours: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    timeless = [one._replace(at=at) for one in TOPICS["inbox"]]
    with begun(tmp_path / "town.backup", programme=PROGRAMME, prefix=PROGRAMME, partitions=1) as file:
        fill(file, {"inbox": timeless})
        file.close_cut(ends_of(TOPICS), [], beside={}, at=MONDAY)
    stands = [(0, one._replace(at=AT)) for one in timeless]
    monkeypatch.setattr(beforehand, "topics_there", lambda _: {"inbox": 1})
    monkeypatch.setattr(beforehand, "ends_now", lambda *_: {("inbox", 0): len(stands)})
    monkeypatch.setattr(beforehand, "portions", lambda *_: [stands])

    with opened(tmp_path / "town.backup") as file:
        assert beforehand.standing(ours, file) == {("inbox", 0): len(stands)}
