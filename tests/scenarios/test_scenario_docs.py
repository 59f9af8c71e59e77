"""docs/scenarios.md says what the code takes: a key or an act that is missing there is missing to its readers."""

from pathlib import Path
from typing import Final

import pytest

from workers.runtime.type_names import COMMANDS
from workers.scenario.expecting import EXPECTATIONS
from workers.scenario.given import KEYS as GIVEN_KEYS
from workers.scenario.given import LINE_KEYS
from workers.scenario.playing import play
from workers.scenario.reading import KEYS, STEP_KEYS, read_story
from workers.scenario.story import Act, Level

DOCS: Final = Path(__file__).parents[2] / "docs" / "scenarios.md"
WORDS: Final = [*KEYS, *STEP_KEYS, *GIVEN_KEYS, *LINE_KEYS, *EXPECTATIONS, *Act, *Level]


@pytest.mark.parametrize("word", sorted({str(word) for word in WORDS}))
def test_every_word_is_told(word: str) -> None:
    assert f"`{word}`" in DOCS.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_the_helpful_answer_to_every_command_is_told(command: str) -> None:
    assert command in DOCS.read_text(encoding="utf-8")


def test_the_story_in_the_docs_is_as_it_should_be(tmp_path: Path) -> None:
    path = tmp_path / "first.yaml"
    path.write_text(DOCS.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0], encoding="utf-8")

    assert [v.matter for part in play(read_story(path)) for v in part.verdicts if v.matter] == []
