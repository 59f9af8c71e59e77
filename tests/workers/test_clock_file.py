"""A clock whose file is gone, or holds no time, is told with what to do; what stands in the file is not repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.runtime.clock import SteppedClock, UnableToTellTimeError


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnableToTellTimeError, match=r"No such file.*\n.*naadloos restore"):
        SteppedClock(tmp_path / "gone").now()


def test_a_file_that_holds_no_time_is_told_without_what_stands_in_it(tmp_path: Path) -> None:
    (tmp_path / "clock").write_text("Jan Jansen")

    with pytest.raises(UnableToTellTimeError) as told:
        SteppedClock(tmp_path / "clock").now()

    assert "no time stands in it" in str(told.value)
    assert "Jansen" not in str(told.value)
