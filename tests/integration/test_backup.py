"""A backup of a programme on a real Kafka: taken while it works, added to later, and audited."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from tests.integration.deciders import decider, everything, put, settled, tell
from tests.integration.kept_town import COMMANDS, come_to, kept
from tests.workers.inbox_facts import town
from workers.cli import main
from workers.cli.exits import Exit
from workers.keeping import groups
from workers.keeping.backup import AGAINST_THE_FLOW, backup, cut_now
from workers.keeping.file import BackupFile
from workers.keeping.kept import Kept
from workers.keeping.live import Live
from workers.keeping.opening import opened
from workers.keeping.unable import UnableToTrustError
from workers.runtime.clock import clock_of
from workers.runtime.groups import Committed, group_id
from workers.runtime.settings import Settings, as_environment
from workers.runtime.topics import TopicName, create_topics, delete_topics, topic_name

pytestmark = pytest.mark.integration
MOST_CUTS = 1000
CAUSES: tuple[TopicName, ...] = ("inbox", "journal", "commands.porting")
"""Each follows from the one before it."""


def test_what_is_not_there_is_not_kept_and_not_audited(
    fresh_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in as_environment(fresh_settings).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("NAADLOOS_TOPIC_PREFIX", "nobody")

    assert main(["backup", "nothing.backup"]) == Exit.UNAVAILABLE
    assert main(["audit"]) == Exit.UNAVAILABLE


def test_a_backup_is_taken_while_deciders_work_and_added_to_later(programme: Settings, tmp_path: Path) -> None:
    path, facts = tmp_path / "town.backup", town(12)
    with decider(programme):
        for third in range(3):
            tell(programme, facts[third * len(facts) // 3 : (third + 1) * len(facts) // 3])
            found = backup(path, programme, now=clock_of(programme.programme_clock).now)
            assert found.proof.findings == []
            _nothing_without_its_cause(path)
        settled(programme)
    kept(path, programme)
    again = backup(path, programme, now=clock_of(programme.programme_clock).now)

    assert again.added == 0
    with opened(path) as file:
        for topic in ("inbox", "journal", *COMMANDS):
            for partition in range(12):
                assert list(file.records(topic, partition)) == list(Live(programme).records(topic, partition))


def _nothing_without_its_cause(path: Path) -> None:
    """Every command in the file has its decision there, and every decision its message."""
    with opened(path) as file:
        decided = {
            (partition, json.loads(each.value or b"")["data"]["offset"])
            for partition in range(12)
            for each in file.records("journal", partition)
        }
        ordered = {
            tuple(map(int, json.loads(each.value or b"")["id"].split("/")[1:3]))
            for topic in COMMANDS
            for partition in range(12)
            for each in file.records(topic, partition)
        }
        heard = {(partition, each.offset) for partition in range(12) for each in file.records("inbox", partition)}
    assert ordered <= decided <= heard


class Chain:
    """Writes what follows from each other, one after the other, until told to stop: heard, decided, ordered, done."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        servers = {"bootstrap.servers": self._settings.bootstrap_servers}
        producer = Producer({**servers, "linger.ms": 0, "enable.idempotence": True})
        client, count = Consumer({**servers, "group.id": group_id(self._settings, "porting")}), 0
        while not self._stop.is_set():
            count += 1
            for topic in CAUSES:
                producer.produce(topic_name(self._settings, topic), b"{}", partition=0)
                producer.flush(30)
            done = TopicPartition(topic_name(self._settings, "commands.porting"), 0, count)
            client.commit(offsets=[done], asynchronous=False)
        client.close()


def test_nothing_is_in_a_cut_without_its_cause(programme: Settings) -> None:
    with Chain(programme):
        cuts = [cut_now(programme) for _ in range(12)]
        while cuts[-1].ends["inbox", 0] == cuts[0].ends["inbox", 0] and len(cuts) < MOST_CUTS:
            cuts.append(cut_now(programme))  # a loaded machine takes its time over the first word

    for cut in cuts:
        heard, decided, ordered = (cut.ends[topic, 0] for topic in CAUSES)
        done = max((each.offset for each in cut.committed), default=0)
        assert done <= ordered <= decided <= heard
    assert cuts[-1].ends["inbox", 0] > cuts[0].ends["inbox", 0]


@pytest.fixture
def anew(decided_town: Settings) -> Iterator[Settings]:
    """Topics in which nothing stands yet."""
    other = decided_town.model_copy(update={"topic_prefix": f"{decided_town.topic_prefix}-anew"})
    create_topics(other)
    yield other
    delete_topics(other)


def as_if_of(path: Path, settings: Settings) -> None:
    """The file's records become those of topics with these names, of which no cut was closed yet."""
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("update facts set value = ? where name = 'prefix'", (settings.topic_prefix,))
        file.execute("delete from facts where name = 'seal'")
        file.execute("delete from cut")


def forget_orders(path: Path) -> None:
    """The file is of a time when nothing had been ordered, so that what is ordered by now would be added first."""
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("delete from records where topic like 'commands.%'")


def begun(file: BackupFile) -> list[int]:
    return [file.begun(topic, partition) for topic in AGAINST_THE_FLOW for partition in range(12)]


def test_a_file_of_another_programmes_topics_is_not_added_to(
    decided_town: Settings, anew: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "town.backup"
    kept(path, decided_town)
    monkeypatch.setenv("NAADLOOS_TOPIC_PREFIX", anew.topic_prefix)

    assert main(["backup", str(path), "--go"]) == Exit.BAD_INPUT


@pytest.mark.parametrize("longer", [range(0), range(1), range(12)], ids=["none", "one", "all"])
def test_nothing_is_added_when_topics_were_begun_anew_however_long_they_are_by_now(
    decided_town: Settings, anew: Settings, tmp_path: Path, longer: range
) -> None:
    path = tmp_path / "town.backup"
    kept(path, decided_town)
    as_if_of(path, anew)
    forget_orders(path)
    with opened(path) as file:
        before = begun(file)
        for topic in AGAINST_THE_FLOW:
            for partition in longer:
                for _ in range(file.begun(topic, partition) + 1):
                    put(anew, topic, b"{}", partition=partition)

    with pytest.raises(UnableToTrustError, match="hold different records"):
        backup(path, anew, now=clock_of(anew.programme_clock).now)

    with opened(path) as file:
        assert begun(file) == before


def test_a_backup_prints_an_anchor_against_which_a_later_audit_holds(
    decided_town: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, anchor = tmp_path / "town.backup", tmp_path / "anchor.json"
    assert main(["backup", str(path), "--go", "--json"]) == Exit.DONE
    told = capsys.readouterr().out
    anchor.write_text(told, encoding="utf-8")
    report = json.loads(told)

    assert report["sound"] is True
    assert sum(head["position"] + 1 for head in report["anchor"]["heads"]) == len(everything(decided_town, "journal"))
    assert main(["audit", "--anchor", str(anchor), "--out", str(tmp_path / "x")]) == Exit.DONE
    report["anchor"]["heads"][0]["hash"] = "0" * 32
    anchor.write_text(json.dumps(report), encoding="utf-8")
    assert main(["audit", "--anchor", str(anchor), "--out", str(tmp_path / "x")]) == Exit.FAILED


def test_what_somebody_put_into_the_journal_is_found_in_kafka(
    decided_town: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(decided_town, "journal", b'{"data":{"prev":4,"prev_hash":"00","offset":5}}', partition=2)
    last = len(everything_of(decided_town, 2)) - 1

    assert main(["audit", "--out", str(tmp_path / "x")]) == Exit.FAILED
    assert f"journal, partition 2, offset {last}: was put in" in capsys.readouterr().err
    assert main(["backup", str(tmp_path / "town.backup"), "--go"]) == Exit.DONE
    told = capsys.readouterr()
    assert "town.backup is whole" in told.out
    assert f"journal, partition 2, offset {last}: was put in" in told.err
    assert main(["restore", str(tmp_path / "town.backup"), "--into", "drill"]) == Exit.DONE
    assert f"journal, partition 2, offset {last}: was put in" in capsys.readouterr().err


def everything_of(settings: Settings, partition: int) -> list[Kept]:
    return list(Live(settings).records("journal", partition))


def test_groups_that_never_committed_are_kept_as_such(programme: Settings) -> None:
    assert groups.all_committed(programme) == []

    come_to(programme, "porting")
    assert {each.group for each in groups.all_committed(programme)} == {"porting"}
    assert groups.all_committed(programme)[0] == Committed("porting", "commands.porting", 0, 0, "")
