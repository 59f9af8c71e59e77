"""A drill on a real Kafka: kept, killed, put back, killed, and decided on as if nothing had happened."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.deciders import all_decided, decider, everything, put, settled, tell
from tests.integration.kept_town import COMMANDS, dies, effect_worker, everywhere, kept, newcomers, states
from workers.chaos.checker import history
from workers.cli import main
from workers.cli.exits import Exit
from workers.crew.alone import UnableToBeginError, alone, locked, taken
from workers.keeping import groups
from workers.keeping.beforehand import standing
from workers.keeping.opening import opened
from workers.runtime.drill import UnableToWorkOnDrillError, refuse_drill
from workers.runtime.ends import End
from workers.runtime.ports import free_ports
from workers.runtime.settings import Settings, as_environment, read_settings
from workers.runtime.topics import create_topics, delete_topics

pytestmark = pytest.mark.integration


def test_a_programme_that_was_kept_and_put_back_through_kills_goes_on_as_if_nothing_had_happened(
    decided_town: Settings, drill: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "town.backup"
    deaths = 0
    while dies("backup", decided_town, path, 1 + 8 * deaths):
        deaths += 1
        assert deaths < 200
    before, counts = history(decided_town), {topic: len(everything(decided_town, topic)) for topic in COMMANDS}

    deaths_of_restore = 0
    while dies("restore", decided_town, path, 12, drill.topic_prefix):
        deaths_of_restore += 1
        assert deaths_of_restore < 200
        with pytest.raises(UnableToBeginError, match="a restore into topics"), alone(drill):
            pass
        with pytest.raises(UnableToWorkOnDrillError):
            refuse_drill(drill)
    assert main(["restore", str(path), "--into", drill.topic_prefix, "--go"]) == Exit.DONE

    assert deaths > 2
    assert deaths_of_restore > 2
    assert everywhere(drill) == everywhere(decided_town)
    assert groups.all_committed(drill) == groups.all_committed(decided_town)
    assert states(drill) == states(decided_town)

    with alone(drill), decider(drill):
        tell(drill, newcomers())
        after = settled(drill)

    assert after.wrong == []
    assert after.repeats == before.repeats, "nothing was said again that had been said"
    assert after.records > before.records
    assert all(len(everything(drill, topic)) >= count for topic, count in counts.items())
    assert main(["audit", "--out", str(tmp_path / "x.csv")]) == Exit.DONE


def test_a_programme_whose_topics_are_gone_comes_back_under_its_own_name(
    decided_town: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "town.backup"
    kept(path, decided_town)
    before, known_before = everywhere(decided_town), states(decided_town)
    delete_topics(decided_town)

    assert main(["restore", str(path)]) == Exit.DONE
    assert "where 0 of its records stand already" in capsys.readouterr().out
    for _ in range(5):
        # A broker that still takes the old topics away may lose the first records: then it says so (`rehearsal.fresh`).
        if (code := main(["restore", str(path), "--go"])) == Exit.DONE:
            break
    assert code == Exit.DONE

    assert everywhere(decided_town) == before
    assert states(decided_town) == known_before
    monkeypatch.delenv("NAADLOOS_TOPIC_PREFIX")
    assert read_settings().topic_prefix == decided_town.topic_prefix, "commands find it without being told"
    refuse_drill(decided_town)  # does not


def test_no_worker_is_started_on_a_drill_and_an_effect_worker_that_is_started_alone_ends(
    decided_town: Settings,
    drill: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path, again = tmp_path / "town.backup", tmp_path / "drill.backup"
    kept(path, decided_town)
    assert main(["restore", str(path), "--into", drill.topic_prefix, "--go"]) == Exit.DONE
    assert "A drill: it is marked as one on Kafka" in capsys.readouterr().out
    first = free_ports(8)
    ports = {"health_port": first, "inbound_port": first + 6, "world_port": first + 7}
    there = drill.model_copy(update={**ports, "world_url": "http://127.0.0.1:9"})
    for name, value in as_environment(there).items():
        monkeypatch.setenv(name, value)

    assert main(["up"]) == Exit.REFUSED

    told = capsys.readouterr().err
    assert f"Not started: topics {drill.topic_prefix} are a drill" in told
    assert "unset NAADLOOS_TOPIC_PREFIX && naadloos up" in told
    assert not taken(there)
    ended = effect_worker(there)
    assert (ended.returncode, f"topics {drill.topic_prefix} are a drill" in ended.stderr) == (End.UNABLE, True)
    kept(again, drill)
    assert everywhere(drill) == everywhere(decided_town), "the mark is none of its records"


def test_the_newest_of_each_person_is_put_back_and_nobody_who_was_forgotten(
    decided_town: Settings, drill: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "town.backup"
    kept(path, decided_town)
    assert main(["restore", str(path), "--into", drill.topic_prefix, "--go"]) == Exit.DONE

    put_back = [json.loads(message.value() or b"{}")["data"]["name"] for message in everything(drill, "people")]

    assert sorted(put_back) == ["Anne", "Bob"]
    assert b"Eve" not in path.read_bytes()


def test_nothing_is_put_where_other_records_stand(
    decided_town: Settings, drill: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "town.backup"
    kept(path, decided_town)
    create_topics(drill)
    put(drill, "inbox", b"{}", partition=7)

    assert main(["restore", str(path), "--into", drill.topic_prefix, "--go"]) == Exit.REFUSED

    assert f"{drill.topic_prefix}.inbox, partition 7, holds another record at offset 0" in capsys.readouterr().err
    assert len(everything(drill, "journal")) == 0


def test_a_programme_that_went_on_is_not_overwritten(
    decided_town: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "town.backup"
    kept(path, decided_town)
    put(decided_town, "inbox", b"{}", partition=3)

    assert main(["restore", str(path), "--go"]) == Exit.REFUSED
    assert f"{decided_town.topic_prefix}.inbox, partition 3, goes on at offset" in capsys.readouterr().err


def test_nothing_is_put_back_while_workers_run(
    decided_town: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "town.backup"
    kept(path, decided_town)

    with locked(decided_town):
        assert main(["restore", str(path), "--go"]) == Exit.REFUSED
    assert "workers of demo are running" in capsys.readouterr().err

    monkeypatch.setattr("workers.runtime.groups.LEAVING", 0.5)
    with decider(decided_town):
        tell(decided_town, newcomers()[:5])
        all_decided(decided_town)
        assert main(["restore", str(path), "--go"]) == Exit.REFUSED
    assert f"workers of {decided_town.topic_prefix}-deciders are running" in capsys.readouterr().err


@pytest.mark.usefixtures("decided_town")
def test_what_is_shown_writes_nothing(drill: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "town.backup"

    assert main(["backup", str(path)]) == Exit.DONE
    assert not path.exists()
    assert main(["backup", str(path), "--go"]) == Exit.DONE
    assert f"{path} is whole" in capsys.readouterr().out
    assert main(["restore", str(path), "--into", drill.topic_prefix]) == Exit.DONE
    with opened(path) as file:
        assert standing(drill, file).total() == 0
