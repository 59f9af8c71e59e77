"""The operator's commands on a real Kafka: what is typed is said, decided, and shown."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from events.base import SubjectId
from events.control import TimeCome
from tests.workers.import_folder import right_folder, write
from workers.cli import main, watch
from workers.cli.exits import Exit
from workers.cli.session import Session, session
from workers.journal.awaiting import wait_decided
from workers.journal.record import Entry
from workers.keeping.live import topics_there
from workers.runtime.settings import Settings, as_environment
from workers.runtime.topics import create_topics, delete_topics, partition_of

pytestmark = pytest.mark.integration


@pytest.fixture
def programme(fresh_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A programme of which a decider decides, and whose settings this process's commands read."""
    environment = as_environment(fresh_settings)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("NAADLOOS_ACCOUNT", "els")
    monkeypatch.setenv("NAADLOOS_LANG", "en")
    decider = subprocess.Popen([sys.executable, "-m", "workers.journal", "d1"], env={**os.environ, **environment})
    yield fresh_settings
    decider.terminate()
    decider.wait(30)


@pytest.mark.parametrize("words", ["status", "plan --go"])
def test_a_name_that_was_mistyped_is_told_and_makes_no_programme(
    fresh_settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    mistyped = fresh_settings.model_copy(update={"topic_prefix": f"{fresh_settings.topic_prefix}-typo"})
    for name, value in as_environment(mistyped).items():
        monkeypatch.setenv(name, value)

    assert main(["--lang", "en", *words.split()]) == Exit.UNAVAILABLE

    assert f"There is no programme {mistyped.topic_prefix}" in capsys.readouterr().err
    assert topics_there(mistyped) == {}


def test_a_programme_is_imported_planned_started_and_explained(
    programme: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path, right_folder())

    assert main(["import", str(folder), "--go"]) == Exit.DONE
    _wait_until_decided(programme)
    assert main(["plan", "--go"]) == Exit.DONE
    capsys.readouterr()
    assert main(["wave", "start", "W-01", "--why", "pilot", "--go", "--yes", _head_count(capsys)]) == Exit.DONE
    assert "⇒" in capsys.readouterr().out
    assert main(["status"]) == Exit.DONE
    assert "W-01  running" in capsys.readouterr().out
    assert main(["explain", "E-0001"]) == Exit.DONE
    assert "History" in capsys.readouterr().out
    assert main(["watch", "--since", "2020-01-01", "--for", "0", "--employee", "E-0001"]) == Exit.DONE
    assert "E-0001-1" in capsys.readouterr().out


def test_what_was_decided_is_shown_whole_and_in_order_of_time_over_all_partitions_and_then_what_comes(
    programme: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["import", str(write(tmp_path, right_folder())), "--go"]) == Exit.DONE
    for _ in range(2):  # so that each partition has something older and something younger than another's
        _wait_until_decided(programme)
    with session() as opened:
        opened.catch_up()
        before = sum(fold.offset + 1 for fold in opened.folds.values())

    def follow(here: Session, show: Callable[[int, Entry], None], **_more: object) -> None:
        inbox, now = here.inbox(), here.now()
        said = inbox.say(SubjectId("E-0001"), TimeCome(due=now), at=now, actor=None, source="/test")
        inbox.flush()
        (entry,) = wait_decided(here, [said], seconds=60).values()
        show(partition_of(entry.subject, programme.partitions), entry)

    monkeypatch.setattr(watch, "_follow", follow)
    capsys.readouterr()
    assert main(["watch", "--since", "2020-01-01", "--json"]) == Exit.DONE

    rows = [json.loads(row) for row in capsys.readouterr().out.splitlines()]
    times, places = [row["at"] for row in rows], [row["position"].partition("/")[0] for row in rows]
    assert (len(rows), times) == (before + 1, sorted(times))
    assert sum(one != other for one, other in pairwise(places)) >= len(set(places)), (
        "partitions stand between each other"
    )


def _wait_until_decided(programme: Settings) -> None:
    """Something said after the import to every subject is decided, and so is all before it."""
    subjects = [SubjectId(name) for name in ("E-0001", "E-0002", "S-0001", f"P-{programme.programme}")]
    with session() as opened:
        inbox, now = opened.inbox(), opened.now()
        saids = [inbox.say(to, TimeCome(due=now), at=now, actor=None, source="/test") for to in subjects]
        inbox.flush()
        assert len(wait_decided(opened.journal, saids, seconds=60)) == len(saids)


def _head_count(capsys: pytest.CaptureFixture[str]) -> str:
    main(["wave", "start", "W-01", "--why", "pilot"])
    shown = capsys.readouterr().out
    return shown.split("Head-count: ")[1].split()[0]


@pytest.mark.parametrize("subject", ["E-0001", "S-0001", "W-01", "K-hall"])
def test_a_subject_is_looked_for_in_the_partition_where_its_records_stand(programme: Settings, subject: str) -> None:
    with session() as opened:
        inbox = opened.inbox()
        now = opened.now()
        said = inbox.say(SubjectId(subject), TimeCome(due=now), at=now, actor=None, source="/test")
        inbox.flush()
        assert wait_decided(opened.journal, [said], seconds=60)
        found = [number for number, fold in opened.folds.items() if SubjectId(subject) in fold.states]

    assert found == [partition_of(SubjectId(subject), programme.partitions)]


def _imported_and_kept(programme: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The programme is decided, and every command keeps what it came to know, however little it is."""
    monkeypatch.setattr("workers.cli.session.WORTH_KEEPING", 1)
    main(["import", str(write(tmp_path, right_folder())), "--go"])
    _wait_until_decided(programme)


def test_a_command_goes_on_from_what_the_last_one_knew(
    programme: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _imported_and_kept(programme, tmp_path, monkeypatch)
    with session() as first:
        known = first.catch_up()

    with session() as second:
        begins = {number: fold.position for number, fold in second.folds.items()}
        again = second.catch_up()

    assert begins == {number: fold.position for number, fold in first.folds.items()}
    assert max(begins.values()) > 0
    assert (again.states, again.looks) == (known.states, known.looks)
    assert second.waits.by_subject == first.waits.by_subject


def test_what_is_no_more_in_the_journal_is_read_anew(
    programme: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _imported_and_kept(programme, tmp_path, monkeypatch)
    with session() as first:
        first.catch_up()
    # Another journal, in which these records never stood.
    create_topics(other := programme.model_copy(update={"topic_prefix": f"{programme.topic_prefix}-other"}))
    shutil.copytree(programme.readers_dir, other.readers_dir)
    monkeypatch.setenv("NAADLOOS_TOPIC_PREFIX", other.topic_prefix)

    with session() as second:
        assert {fold.position for fold in second.folds.values()} == {0}
    delete_topics(other)
