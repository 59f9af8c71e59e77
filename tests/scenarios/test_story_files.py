"""What a story's file may say, and how its mistakes are told."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from workers.cli import main
from workers.cli.exits import Exit
from workers.scenario.moments import local
from workers.scenario.page import UnableToReadStoryError
from workers.scenario.playing import Played, play
from workers.scenario.reading import read_story


def story(folder: Path, text: str) -> Path:
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(folder: Path, text: str) -> tuple[tuple[int, str], ...]:
    with pytest.raises(UnableToReadStoryError) as unable:
        list(play(read_story(story(folder, text))))
    return unable.value.complaints


def played(folder: Path, text: str) -> list[Played]:
    return list(play(read_story(story(folder, text))))


def test_an_unknown_fact_is_told_with_its_line_and_the_nearest_word(tmp_path: Path) -> None:
    ((line, text),) = mistakes(tmp_path, "title: x\nsteps:\n  - at: +1 day\n    hear: porting.blokked\n")

    assert line == 4
    assert "did you mean porting.blocked" in text


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    text = "title: x\ngiven:\n  until: redy\nsteps:\n  - at: tomorrow\n    then: {reasons: [port_blockd], resons: x}\n"

    assert [line for line, _ in mistakes(tmp_path, text)] == [3, 5, 6, 6]


def test_a_field_that_the_fact_does_not_have_is_a_mistake(tmp_path: Path) -> None:
    ((line, text),) = mistakes(tmp_path, "title: x\nsteps:\n  - hear:\n      porting.blocked: {cod: '63'}\n")

    assert (line, "did you mean code" in text) == (4, True)


def test_a_value_that_the_fact_does_not_take_is_told_with_its_line(tmp_path: Path) -> None:
    ((line, text),) = mistakes(tmp_path, "title: x\nsteps:\n  - hear:\n      enrolment.leaver-settled: {choice: fly}\n")

    assert (line, "choice" in text) == (4, True)


def test_broken_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    ((line, _),) = mistakes(tmp_path, "title: x\nsteps: [\n")

    assert line == 3


def test_an_answer_to_a_command_that_was_never_given_is_a_mistake(tmp_path: Path) -> None:
    ((line, text),) = mistakes(tmp_path, "title: x\nsteps:\n  - hear: porting.told\n")

    assert (line, "none was given" in text) == (3, True)


def test_a_line_that_is_not_given_is_a_mistake(tmp_path: Path) -> None:
    text = "title: x\nsteps:\n  - hear:\n      porting.blocked: {line: E-0002-1, code: '63'}\n"

    assert [line for line, _ in mistakes(tmp_path, text)] == [4]


def test_a_level_that_the_happy_path_does_not_reach_is_a_mistake(tmp_path: Path) -> None:
    given = "    line: E-0001-1 voice\n    until: accepted\n    mandate: false\n"
    text = f"title: x\ngiven:\n  line:\n{given}steps:\n  - at: +1 day\n"

    ((line, text),) = mistakes(tmp_path, text)

    assert (line, "no_mandate" in text) == (3, True)


def test_a_failed_expectation_names_its_line(tmp_path: Path) -> None:
    parts = played(tmp_path, "title: x\nsteps:\n  - at: +1 day\n    then:\n      port: blocked\n")

    assert [(v.place, v.matter) for v in parts[-1].verdicts] == [(5, "the port is submitted")]


def test_what_must_never_be_is_told_when_it_is(tmp_path: Path) -> None:
    parts = played(tmp_path, "title: x\nnever: porting.request\nsteps:\n  - at: +1 day\n")

    assert [v.place for v in parts[-1].verdicts] == [2]


def test_a_number_that_nobody_answers_is_told_unless_the_story_allows_it(tmp_path: Path) -> None:
    text = "title: x\ngiven: {until: accepted}\nsteps:\n  - hear: porting.performed\n"

    assert [v.matter[:3] for v in played(tmp_path, text)[-1].verdicts] == ["R1:"]
    assert played(tmp_path, text + "allow: unreachable\n")[-1].ok


def test_a_counterpart_that_says_nothing_leaves_the_command_open(tmp_path: Path) -> None:
    text = "title: x\nanswers: {porting.request: nothing}\nsteps:\n  - at: +1 day\n    then: {port: unknown}\n"

    assert all(part.ok for part in played(tmp_path, text))


def test_of_the_hour_that_comes_twice_it_is_the_later_one() -> None:
    assert local("2026-10-25 02:30") == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_the_command_ends_with_0_when_all_is_as_it_should_be(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenario", "S05"]) == Exit.DONE
    assert "S05.yaml: as it should be" in capsys.readouterr().out


def test_the_command_ends_with_1_when_something_is_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = story(tmp_path, "title: x\nsteps:\n  - at: +1 day\n    then: {port: blocked}\n")

    assert main(["scenario", str(path)]) == Exit.FAILED
    assert "NOT SO" in capsys.readouterr().out


def test_the_command_ends_with_6_when_the_file_has_a_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = story(tmp_path, "title: x\n")

    assert main(["scenario", str(path)]) == Exit.BAD_INPUT
    assert "case.yaml:1: expected 'steps:'" in capsys.readouterr().err


def test_the_verdicts_are_there_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    main(["scenario", "S05", "--json"])

    (told,) = json.loads(capsys.readouterr().out)
    assert told["ok"] is True
    assert told["steps"][1]["hear"] == ["porting.blocked"]
