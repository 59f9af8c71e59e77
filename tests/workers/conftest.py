"""A programme in memory, and a person who types commands at it; a crew in this process, that is asked how it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.workers.endpoints import health, served
from tests.workers.told import Told, opened_on, small_town
from workers.cli import (
    confirm,
    correct,
    dead_letters,
    explain,
    hold,
    import_,
    main,
    plan,
    redrive,
    reports,
    status,
    watch,
    wave,
    whatif,
)
from workers.crew.roll import Member, State, write
from workers.runtime.fingerprint import fingerprint
from workers.runtime.health import Health
from workers.runtime.metrics import name_worker
from workers.runtime.settings import Settings

NOUNS = (confirm, correct, dead_letters, explain, hold, import_, plan, redrive, reports, status, watch, wave, whatif)
Typed = Callable[[str], tuple[int, str, str]]
Ps = Callable[..., tuple[int, str, str]]
Crew = Callable[..., None]


@pytest.fixture
def town() -> Told:
    return small_town()


@pytest.fixture
def typed(town: Told, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Types a command; its exit code, what it printed, and what it printed on stderr."""
    for noun in NOUNS:
        monkeypatch.setattr(noun, "session", opened_on(town))
    for name in ("NAADLOOS_ACCOUNT", "NAADLOOS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)

    def type_(words: str) -> tuple[int, str, str]:
        code = main(words.split())
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return type_


@pytest.fixture
def other_code(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Makes this file of the product's code read as if it were changed."""
    read = Path.read_bytes

    def change(file: str) -> None:
        def changed(path: Path) -> bytes:
            return read(path) + (b"#" if path.as_posix().endswith(file) else b"")

        fingerprint.cache_clear()
        monkeypatch.setattr(Path, "read_bytes", changed)

    yield change
    monkeypatch.undo()
    fingerprint.cache_clear()


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A programme of this test's own."""
    monkeypatch.setenv("NAADLOOS_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("NAADLOOS_PROGRAMME", "one")
    for name in ("NAADLOOS_TOPIC_PREFIX", "NAADLOOS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    yield Settings()
    name_worker("")


@pytest.fixture
def ps(own: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ps:
    """Asks the crew of this process how it is; the exit code, what was printed, and what on stderr. Kafka answers."""
    assert own.programme == "one"
    monkeypatch.setattr("workers.cli.health.answers", lambda _servers, **_limit: True)

    def type_(*words: str) -> tuple[int, str, str]:
        code = main(["ps", *words])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return type_


@pytest.fixture
def crew(own: Settings, capsys: pytest.CaptureFixture[str]) -> Iterator[Crew]:
    """The crew is this one: a supervisor and a clock that answer, as real endpoints of this process."""
    with ExitStack() as doors:

        def stand(
            clock: Health | None,
            *,
            state: State = State.RUNNING,
            exit_code: int | None = None,
            restarts: int = 3,
            since: float | None = None,
        ) -> None:
            own.folder.mkdir(parents=True, exist_ok=True)
            ports = [
                int(doors.enter_context(served(one)).rpartition(":")[2]) if one else None
                for one in (health("supervisor"), clock)
            ]
            worker = Member(
                name="clock",
                pid=os.getpid(),
                state=state,
                restarts=restarts,
                last_exit=exit_code,
                health=ports[1],
                since=since,
            )
            write(own, (worker,), health=ports[0])
            name_worker(clock.worker if clock else "")
            capsys.readouterr()

        yield stand


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> Callable[..., Health]:
    """A clock under a name of this test's own, so that no other test's figures are its."""
    return lambda **how: health(request.node.name, **how)
