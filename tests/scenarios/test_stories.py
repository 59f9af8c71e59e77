"""Every story that comes with Naadloos is as it should be. One test per file."""

from pathlib import Path

import pytest

from workers.scenario.playing import play
from workers.scenario.reading import read_story
from workers.scenario.shipped import shipped


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_story(path: Path) -> None:
    wrong = [
        f"{path.name}:{v.place} {v.what}: {v.matter}" for p in play(read_story(path)) for v in p.verdicts if v.matter
    ]

    assert wrong == []
