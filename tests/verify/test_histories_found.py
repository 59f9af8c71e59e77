"""Every history that ever broke a promise, played again: it breaks none any more.

A file here was written by `naadloos verify --histories`. One that cannot be played any more, since the code takes other
steps now, says so; what it showed is then looked for anew and the file made again.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.verify.history import play_again, read_history

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.yaml"))


@pytest.mark.parametrize("file", HISTORIES, ids=lambda file: file.stem)
def test_it_breaks_no_promise_any_more(file: Path) -> None:
    history = read_history(file)
    assert history is not None

    assert play_again(history).broken == ()


def test_there_are_some() -> None:
    assert len(HISTORIES) > 10
