"""One crew at a time, and none on half a programme."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from workers.cli import main
from workers.cli.exits import Exit
from workers.crew.alone import UnableToBeginError, Work, alone, locked, running, taken, taker_of, unfinished
from workers.crew.roll import write
from workers.runtime.settings import Settings


@pytest.fixture
def programme(tmp_path: Path) -> Settings:
    return Settings(state_dir=tmp_path, programme="gm", topic_prefix="gm")


@pytest.fixture
def set_as(programme: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The programme that commands find in their environment."""
    monkeypatch.setenv("NAADLOOS_STATE_DIR", str(programme.state_dir))
    monkeypatch.setenv("NAADLOOS_PROGRAMME", "gm")
    monkeypatch.setenv("NAADLOOS_LANG", "en")
    return programme


def begun_to_restore(programme: Settings) -> Path:
    marker = unfinished(programme)
    marker.parent.mkdir(parents=True)
    marker.touch()
    return marker


def test_a_second_crew_is_refused_while_the_first_runs(programme: Settings) -> None:
    with alone(programme):
        assert taken(programme)
        with pytest.raises(UnableToBeginError, match="running already"), alone(programme):
            pass
    assert not taken(programme)


def test_no_crew_begins_on_topics_that_are_half_restored(programme: Settings) -> None:
    marker = begun_to_restore(programme)

    with pytest.raises(UnableToBeginError, match="begun and not ended"), alone(programme):
        pass

    marker.unlink()
    with alone(programme):
        pass


def test_a_half_restored_programme_is_not_taken_and_can_be_restored_on(programme: Settings) -> None:
    begun_to_restore(programme)

    assert not taken(programme)
    with locked(programme):
        assert taken(programme)


def test_other_topics_of_the_programme_are_not_held_up(programme: Settings) -> None:
    begun_to_restore(programme.model_copy(update={"topic_prefix": "drill"}))

    with alone(programme):
        pass


def test_the_workers_are_not_started_and_the_reason_is_told(
    programme: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begun_to_restore(programme)
    monkeypatch.setenv("NAADLOOS_STATE_DIR", str(programme.state_dir))
    monkeypatch.setenv("NAADLOOS_PROGRAMME", "gm")
    monkeypatch.setenv("NAADLOOS_TOPIC_PREFIX", "gm")
    monkeypatch.setenv("NAADLOOS_LANG", "en")

    assert main(["up"]) == Exit.REFUSED
    assert "a restore into topics gm was begun and not ended" in capsys.readouterr().err


def test_workers_that_run_stay_as_many_as_they_are_and_that_is_told(
    set_as: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    set_as.folder.mkdir(parents=True)
    write(set_as, ())  # this process is their supervisor

    assert main(["up", "--deciders", "3"]) == Exit.DONE

    assert "They stay as many as they are. To change that:  naadloos down" in capsys.readouterr().err


def test_every_programme_whose_workers_run_is_known_by_its_lock(programme: Settings) -> None:
    other = programme.model_copy(update={"programme": "ended"})
    with alone(other):
        pass

    with alone(programme):
        assert running(programme) == running(other) == ["gm"]

    assert running(programme) == []


def test_a_restore_that_begins_and_dies_while_a_crew_waits_for_the_lock_holds_that_crew_up(
    programme: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def locked_after_a_restore_died(settings: Settings, work: Work) -> Iterator[None]:
        begun_to_restore(settings)
        with locked(settings, work):
            yield

    monkeypatch.setattr("workers.crew.alone.locked", locked_after_a_restore_died)

    with pytest.raises(UnableToBeginError, match="begun and not ended"), alone(programme):
        pass


def test_a_full_disk_keeps_nobody_from_taking_a_programme_nor_is_a_predecessor_taken_for_it(
    programme: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with alone(programme, Work.REHEARSAL):
        pass

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with alone(programme):
        taker = taker_of(programme)

        assert taker is not None
        assert taker.work is Work.WORKERS
