"""Ctrl-C ends a command with 130 and tells what it leaves, also where the Kafka client hides it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer

from tests.workers.conftest import Typed
from tests.workers.inbox_facts import PROGRAMME
from tests.workers.kept_programme import kept_where_no_kafka_is_asked
from workers.cli import backup, main, restore, status
from workers.cli.exits import Exit
from workers.crew.alone import unfinished
from workers.rehearsal.run import Rehearsal
from workers.runtime.settings import Settings

NOBODY_LISTENS = {"bootstrap.servers": "127.0.0.1:1", "message.timeout.ms": 200, "log_level": 0}


def interrupted(*_asked: object, **_more: object) -> Any:  # noqa: ANN401 - stands for anything
    raise KeyboardInterrupt


def interrupted_in_the_client(*_asked: object, **_more: object) -> Any:  # noqa: ANN401 - as above
    """Ctrl-C, while a callback of ours runs within the client's own call."""

    def hear(*_delivered: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        assert [None for _ in range(100)]  # Python looks for signals as it goes

    producer = Producer(NOBODY_LISTENS)
    producer.produce("nobody", b"hears it", on_delivery=hear)
    # A shell has what it starts in the background ignore Ctrl-C, and these tests with it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        producer.flush(10)
    finally:
        signal.signal(signal.SIGINT, before)


CTRL_C = pytest.mark.parametrize("ctrl_c", [interrupted, interrupted_in_the_client])


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A backup, in a place where no Kafka is asked anything."""
    return kept_where_no_kafka_is_asked(tmp_path / "my town.backup", monkeypatch)


@CTRL_C
def test_any_command_ends_with_130_and_one_line(
    typed: Typed, monkeypatch: pytest.MonkeyPatch, ctrl_c: Callable[..., Any]
) -> None:
    monkeypatch.setattr(status, "session", ctrl_c)

    assert typed("status") == (Exit.INTERRUPTED, "", "Interrupted.\n")


def test_what_is_no_interrupt_is_not_taken_for_one(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_asked: object, **_more: object) -> None:
        raise SystemError("bad argument to internal function")

    monkeypatch.setattr(status, "session", broken)

    with pytest.raises(SystemError, match="bad argument"):
        typed("status")


@CTRL_C
@pytest.mark.parametrize("into", ["", " --into drill"])
def test_an_interrupted_restore_tells_that_it_is_half_done_and_the_same_command(
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    ctrl_c: Callable[..., Any],
    into: str,
) -> None:
    monkeypatch.setattr(restore, "restore", ctrl_c)
    prefix = into.removeprefix(" --into ") or PROGRAMME

    code = main(["restore", str(file), *into.split(), "--go"])

    assert code == Exit.INTERRUPTED
    assert capsys.readouterr().err == (
        f"Interrupted. The restore into topics {prefix} is half done, and nothing starts on them until it is ended.\n"
        f"Go on where it stopped:  naadloos restore '{file}'{into} --go\n"
    )
    assert unfinished(Settings(topic_prefix=prefix)).exists()


def test_a_restore_that_is_interrupted_before_it_wrote_anything_leaves_nothing_half_done(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(restore, "standing", interrupted)

    assert main(["restore", str(file), "--go"]) == Exit.INTERRUPTED

    assert capsys.readouterr().err == "Interrupted. Nothing is half done.\n"


@CTRL_C
def test_an_interrupted_backup_tells_that_the_file_is_kept_and_the_same_command(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ctrl_c: Callable[..., Any]
) -> None:
    monkeypatch.setattr(backup, "backup", ctrl_c)

    assert main(["backup", str(file), "--go"]) == Exit.INTERRUPTED

    assert capsys.readouterr().err == (
        f"Interrupted. What was read is kept in {file}, and a backup that was whole in it still is.\n"
        f"Go on where it stopped:  naadloos backup '{file}' --go\n"
    )


@pytest.mark.parametrize(
    ("phase", "told"),
    [
        ("import", "Interrupted. The rehearsal's workers are stopped. Rehearse anew:  naadloos demo\n"),
        (
            "migration",
            (
                "Interrupted. The rehearsal's workers are stopped, "
                "and how far it came stays in Kafka until the next rehearsal.\n"
                "Take it up there, with its clock standing still:  naadloos up   Rehearse anew:  naadloos demo\n"
            ),
        ),
    ],
)
def test_an_interrupted_demo_tells_how_to_go_on(
    typed: Typed, own: Settings, monkeypatch: pytest.MonkeyPatch, phase: str, told: str
) -> None:
    def run(rehearsal: Rehearsal, _show: object) -> None:
        rehearsal.phase = phase
        raise KeyboardInterrupt

    assert own.programme == "one"
    monkeypatch.setattr(Rehearsal, "run", run)
    before = signal.getsignal(signal.SIGTERM)

    try:
        assert typed("demo --employees 10") == (Exit.INTERRUPTED, "", told)
    finally:
        signal.signal(signal.SIGTERM, before)
