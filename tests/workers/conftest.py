"""A programme in memory, and a person who types commands at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

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
from workers.runtime.fingerprint import fingerprint

NOUNS = (confirm, correct, dead_letters, explain, hold, import_, plan, redrive, reports, status, watch, wave, whatif)
Typed = Callable[[str], tuple[int, str, str]]


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
