"""What a restore tells at its end: that it put something back, or that all of it stood there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workers.inbox_facts import PROGRAMME
from tests.workers.kept_programme import kept_where_no_kafka_is_asked
from workers.cli import main, restore
from workers.cli.exits import Exit
from workers.crew.alone import unfinished
from workers.runtime.settings import Settings


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A backup, in a place where no Kafka is asked anything."""
    return kept_where_no_kafka_is_asked(tmp_path / "town.backup", monkeypatch)


@pytest.mark.parametrize(("added", "told"), [(0, "All of it stood in topics"), (3, "Restored to topics")])
def test_a_restore_where_everything_stood_already_says_so(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], added: int, told: str
) -> None:
    def put_back(*_what: object, say: Callable[[str, int], None]) -> None:
        for count in range(added):
            say("journal", count + 1)

    monkeypatch.setattr(restore, "restore", put_back)

    assert main(["restore", str(file), "--go"]) == Exit.DONE

    assert told in capsys.readouterr().out
    assert not unfinished(Settings(topic_prefix=PROGRAMME)).exists()
