"""Nobody sets a group back to a time that is still to come: nothing was written after it."""

from __future__ import annotations

import pytest

from workers.cli import main
from workers.cli.exits import Exit


def test_a_time_to_come_is_refused_before_kafka_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["replay", "offsets", "--back", "porting", "--to", "2150-01-01T14:00", "--why", "lost"])

    assert code == Exit.BAD_INPUT
    assert "is still to come" in capsys.readouterr().err
