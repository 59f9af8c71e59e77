"""Nobody sets a group back to a time that is still to come, since nothing was written after it; nor no group at all."""

from __future__ import annotations

import pytest

from workers.cli import main
from workers.cli.exits import Exit


def test_a_time_to_come_is_refused_before_kafka_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["replay", "offsets", "--back", "porting", "--to", "2150-01-01T14:00", "--why", "lost"])

    assert code == Exit.BAD_INPUT
    assert "is still to come" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--to", "2026-12-01T14:00"], ["--to", "2150-01-01"], ["--go", "--why", "lost"]])
def test_without_a_group_that_is_named_it_is_refused_and_not_only_shown(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["--lang", "en", "replay", "offsets", *words])

    told = capsys.readouterr().err.splitlines()
    assert code == Exit.BAD_INPUT
    assert told[0].startswith("Not set back: no group is named. There are: ")
    assert "porting" in told[0]
    assert told[1] == "Name one:  naadloos replay offsets --back porting --to TIME --why REASON"
