"""A drill on a real Kafka: kept, killed, put back, killed, and decided on as if nothing had happened."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from events.base import PersonId, SubjectId
from events.envelope import Said
from events.people import PersonKnown
from events.registry import AnyFact
from tests.integration.deciders import ROOT, all_decided, decider, put, read_back, settled, tell
from tests.integration.history import everything, history
from tests.workers.inbox_facts import known, town
from workers.cli import main
from workers.cli.exits import Exit
from workers.crew.alone import UnableToBeginError, alone, locked
from workers.imports.sample import STARTS
from workers.journal.reading import end_of
from workers.keeping import groups
from workers.keeping.backup import ORDER, backup
from workers.keeping.file import Committed
from workers.keeping.kept import Kept
from workers.keeping.live import Live
from workers.keeping.opening import opened
from workers.keeping.standing import standing
from workers.runtime.clock import clock_of
from workers.runtime.saying import Inbox
from workers.runtime.settings import Settings, as_environment, read_settings
from workers.runtime.topics import PARTITIONER, TopicName, create_topics, delete_topics, topic_name

pytestmark = pytest.mark.integration
KEEPER = str(Path(__file__).with_name("mortal_keeper.py"))
COMMANDS: tuple[TopicName, ...] = ("commands.porting", "commands.dispatch", "commands.cutover", "commands.messages")


@pytest.fixture
def said_(programme: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A small town, decided; one of its people known, one forgotten; commands read the same settings."""
    for name, value in as_environment(programme).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("NAADLOOS_LANG", "en")
    people(programme)
    put(programme, "inbox", b"{broken")
    with decider(programme):
        tell(programme, town(30))
        all_decided(programme)
        settled(programme)
    come_to(programme, "porting")
    return programme


@pytest.fixture
def drill(said_: Settings) -> Iterator[Settings]:
    """Where the town is put back: other topics, beside the first ones."""
    beside = said_.model_copy(update={"topic_prefix": f"{said_.topic_prefix}-drill"})
    yield beside
    delete_topics(beside)


def people(settings: Settings) -> None:
    """Ann is known under two names, the newer one last; Eve is forgotten."""
    inbox = Inbox(settings)
    for id_, name in (("ann", "Ann"), ("bob", "Bob"), ("eve", "Eve"), ("ann", "Anne")):
        person = PersonKnown(person=PersonId(f"p-{id_}"), name=name, mail=f"{id_}@town.example")
        inbox.make_known([Said(f"people/{name}", "/test", SubjectId("P-demo"), STARTS, STARTS, person)])
    producer = Producer({"bootstrap.servers": settings.bootstrap_servers, "partitioner": PARTITIONER})
    producer.produce(topic_name(settings, "people"), None, b"p-eve")
    assert producer.flush(30) == 0


def newcomers() -> list[Said[AnyFact]]:
    """What is heard of a larger town, and was not heard of the first."""
    heard = {one.id for one in town(30)}
    return [one for one in town(40) if one.id not in heard]


def come_to(settings: Settings, kind: str) -> None:
    """An effect worker's group has taken what stands in its topic."""
    name = topic_name(settings, f"commands.{kind}")  # type: ignore[arg-type]
    client = Consumer({"bootstrap.servers": settings.bootstrap_servers, "group.id": f"{settings.topic_prefix}-{kind}"})
    ends = [TopicPartition(name, p, end_of(client, name, p)) for p in range(12)]
    client.commit(offsets=ends, asynchronous=False)
    client.close()


def dies(what: str, settings: Settings, path: Path, portions: int, *more: str) -> bool:
    """Whether it was killed before it was ready."""
    words = [sys.executable, KEEPER, what, str(path), str(portions), *more]
    environment = {**os.environ, **as_environment(settings), "PYTHONPATH": str(ROOT)}
    return subprocess.run(words, env=environment, check=False, timeout=120).returncode == -signal.SIGKILL


def kept(path: Path, settings: Settings) -> None:
    found = backup(path, settings, now=clock_of(settings.programme_clock).now)
    assert found.proof.findings == []


def everywhere(settings: Settings) -> dict[str, list[list[Kept]]]:
    source = Live(settings)
    return {topic: [list(source.records(topic, p)) for p in range(12)] for topic in ORDER if topic != "people"}


def states(settings: Settings) -> list[dict[str, object]]:
    return [known(fold) for fold in read_back(settings)]


def test_a_programme_that_was_kept_and_put_back_through_kills_goes_on_as_if_nothing_had_happened(
    said_: Settings, drill: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "town.backup"
    deaths = 0
    while dies("backup", said_, path, 1 + 8 * deaths):
        deaths += 1
        assert deaths < 200
    before, counts = history(said_), {topic: len(everything(said_, topic)) for topic in COMMANDS}

    deaths_of_restore = 0
    while dies("restore", said_, path, 12, drill.topic_prefix):
        deaths_of_restore += 1
        assert deaths_of_restore < 200
        with pytest.raises(UnableToBeginError, match="a restore into topics"), alone(drill):
            pass
    assert main(["restore", str(path), "--as", drill.topic_prefix, "--go"]) == Exit.DONE

    assert deaths > 2
    assert deaths_of_restore > 2
    assert everywhere(drill) == everywhere(said_)
    assert groups.committed(drill) == groups.committed(said_)
    assert states(drill) == states(said_)

    with alone(drill), decider(drill):
        tell(drill, newcomers())
        after = settled(drill)

    assert after.wrong == []
    assert after.repeats == before.repeats, "nothing was said again that had been said"
    assert after.records > before.records
    assert all(len(everything(drill, topic)) >= count for topic, count in counts.items())
    assert main(["audit", "--out", str(tmp_path / "x.csv")]) == Exit.DONE


def test_a_programme_whose_topics_are_gone_comes_back_under_its_own_name(
    said_: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "town.backup"
    kept(path, said_)
    before, known_before = everywhere(said_), states(said_)
    delete_topics(said_)

    assert main(["restore", str(path)]) == Exit.DONE
    assert "where 0 of its records stand already" in capsys.readouterr().out
    for _ in range(5):
        # A broker that still takes the old topics away may lose the first records: then it says so (`rehearsal.fresh`).
        if (code := main(["restore", str(path), "--go"])) == Exit.DONE:
            break
    assert code == Exit.DONE

    assert everywhere(said_) == before
    assert states(said_) == known_before
    monkeypatch.delenv("NAADLOOS_TOPIC_PREFIX")
    assert read_settings().topic_prefix == said_.topic_prefix, "commands find it without being told"


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


def test_the_newest_of_each_person_is_put_back_and_nobody_who_was_forgotten(
    said_: Settings, drill: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "town.backup"
    kept(path, said_)
    assert main(["restore", str(path), "--as", drill.topic_prefix, "--go"]) == Exit.DONE

    put_back = [json.loads(message.value() or b"{}")["data"]["name"] for message in everything(drill, "people")]

    assert sorted(put_back) == ["Anne", "Bob"]
    assert b"Eve" not in path.read_bytes()


def test_nothing_is_put_where_other_records_stand(
    said_: Settings, drill: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "town.backup"
    kept(path, said_)
    create_topics(drill)
    put(drill, "inbox", b"{}", partition=7)

    assert main(["restore", str(path), "--as", drill.topic_prefix, "--go"]) == Exit.REFUSED

    assert f"{drill.topic_prefix}.inbox, partition 7, holds another record at offset 0" in capsys.readouterr().err
    assert len(everything(drill, "journal")) == 0


def test_a_programme_that_went_on_is_not_overwritten(
    said_: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "town.backup"
    kept(path, said_)
    put(said_, "inbox", b"{}", partition=3)

    assert main(["restore", str(path), "--go"]) == Exit.REFUSED
    assert f"{said_.topic_prefix}.inbox, partition 3, holds another record" in capsys.readouterr().err


def test_nothing_is_put_back_while_workers_run(
    said_: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "town.backup"
    kept(path, said_)

    with locked(said_):
        assert main(["restore", str(path), "--go"]) == Exit.REFUSED
    assert "workers of demo are running" in capsys.readouterr().err

    with decider(said_):
        tell(said_, newcomers()[:5])
        all_decided(said_)
        assert main(["restore", str(path), "--go"]) == Exit.REFUSED
    assert f"workers of {said_.topic_prefix}-deciders are running" in capsys.readouterr().err


def test_a_file_of_topics_that_were_begun_anew_is_not_added_to(said_: Settings, tmp_path: Path) -> None:
    path = tmp_path / "town.backup"
    kept(path, said_)
    other = said_.model_copy(update={"topic_prefix": f"{said_.topic_prefix}-other"})
    create_topics(other)
    try:
        put(other, "inbox", b"{}", partition=0)
        os.environ["NAADLOOS_TOPIC_PREFIX"] = other.topic_prefix
        assert main(["backup", str(path), "--go"]) == Exit.BAD_INPUT
    finally:
        os.environ["NAADLOOS_TOPIC_PREFIX"] = said_.topic_prefix
        delete_topics(other)


def test_what_is_shown_writes_nothing(said_: Settings, drill: Settings, tmp_path: Path) -> None:
    path = tmp_path / "town.backup"

    assert main(["backup", str(path)]) == Exit.DONE
    assert not path.exists()
    kept(path, said_)
    assert main(["restore", str(path), "--as", drill.topic_prefix]) == Exit.DONE
    with opened(path) as file:
        assert standing(drill, file).total() == 0


def test_a_backup_prints_an_anchor_against_which_a_later_audit_holds(
    said_: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, anchor = tmp_path / "town.backup", tmp_path / "anchor.json"
    assert main(["backup", str(path), "--go", "--json"]) == Exit.DONE
    told = capsys.readouterr().out
    anchor.write_text(told, encoding="utf-8")
    report = json.loads(told)

    assert report["whole"] is True
    assert sum(head["position"] + 1 for head in report["anchor"]["heads"]) == len(everything(said_, "journal"))
    assert main(["audit", "--anchor", str(anchor), "--out", str(tmp_path / "x")]) == Exit.DONE
    report["anchor"]["heads"][0]["hash"] = "0" * 32
    anchor.write_text(json.dumps(report), encoding="utf-8")
    assert main(["audit", "--anchor", str(anchor), "--out", str(tmp_path / "x")]) == Exit.FAILED


def test_what_somebody_put_into_the_journal_is_found_in_kafka(
    said_: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(said_, "journal", b'{"data":{"prev":4,"prev_hash":"00","offset":5}}', partition=2)
    last = len(everything_of(said_, 2)) - 1

    assert main(["audit", "--out", str(tmp_path / "x")]) == Exit.FAILED
    assert f"journal, partition 2, offset {last}: was put in" in capsys.readouterr().err
    assert main(["backup", str(tmp_path / "town.backup"), "--go"]) == Exit.FAILED


def everything_of(settings: Settings, partition: int) -> list[Kept]:
    return list(Live(settings).records("journal", partition))


def test_groups_that_never_committed_are_kept_as_such(programme: Settings) -> None:
    assert groups.committed(programme) == []

    come_to(programme, "porting")
    assert {each.member for each in groups.committed(programme)} == {"porting"}
    assert groups.committed(programme)[0] == Committed("porting", "commands.porting", 0, 0, "")
