"""A published schema changes by optional fields only; everything else asks for a new version."""

from __future__ import annotations

from argparse import ArgumentParser
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from events import upcast
from workers.cli import schemas as command
from workers.cli.exits import Exit
from workers.contracts import files
from workers.contracts.evolution import changed_in_place, fingerprint, only_adds
from workers.contracts.files import Contract, How

ACCEPTED = "nl.naadloos.porting.accepted.v1"
PLANNED = "nl.naadloos.planning.line-planned.v1"
WAVE = "nl.naadloos.planning.wave-planned.v1"
OPTIONAL = {"type": "string", "default": ""}
CODE = files.today()


def with_schema(type_name: str, schema: dict[str, Any]) -> Contract:
    return replace(CODE, schemas={**CODE.schemas, type_name: schema})


def with_field(type_name: str, described: dict[str, Any]) -> dict[str, Any]:
    schema = deepcopy(CODE.schemas[type_name])
    schema["properties"]["added"] = described
    return schema


def without_type(type_name: str) -> Contract:
    return replace(
        CODE,
        schemas={name: schema for name, schema in CODE.schemas.items() if name != type_name},
        examples={name: example for name, example in CODE.examples.items() if name != type_name},
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files.write(tmp_path, CODE)
    files.publish(tmp_path, CODE)
    return tmp_path


def test_an_empty_folder_misses_everything(tmp_path: Path) -> None:
    assert set(files.differences(tmp_path, CODE).values()) == {How.MISSING}


def test_before_the_first_publication_anything_may_change(tmp_path: Path) -> None:
    files.write(tmp_path, CODE)
    changed = with_schema(ACCEPTED, {"type": "object"})

    assert files.write(tmp_path, changed) == {"porting.accepted.v1.json": How.OTHER}


def test_what_differs_cannot_be_published(tmp_path: Path) -> None:
    with pytest.raises(files.UnableToPublishError, match="naadloos schemas --write"):
        files.publish(tmp_path, CODE)
    assert files.published(tmp_path) == {}


def test_publishing_records_every_type_once(folder: Path) -> None:
    assert files.published(folder).keys() == CODE.schemas.keys()
    assert files.publish(folder, CODE) == ()


def test_an_optional_field_with_a_default_may_be_added_in_place(folder: Path) -> None:
    changed = with_schema(ACCEPTED, with_field(ACCEPTED, OPTIONAL))

    files.write(folder, changed)

    assert files.published(folder)[ACCEPTED] == fingerprint(changed.schemas[ACCEPTED])
    assert files.broken(folder, changed) == ()
    assert files.broken(folder, CODE) == (ACCEPTED,), "and from then on it may not be taken away"


@pytest.mark.parametrize(
    "schema",
    [
        with_field(ACCEPTED, {"type": "string"}),
        {**with_field(ACCEPTED, OPTIONAL), "required": [*CODE.schemas[ACCEPTED]["required"], "added"]},
        {**CODE.schemas[ACCEPTED], "required": ["line"]},
        {**CODE.schemas[ACCEPTED], "properties": {}},
        {**CODE.schemas[ACCEPTED], "additionalProperties": True},
        {**CODE.schemas[ACCEPTED], "properties": {**CODE.schemas[ACCEPTED]["properties"], "iccid": {"type": "string"}}},
    ],
    ids=["no default", "required", "no longer required", "taken away", "opened", "another pattern"],
)
def test_any_other_change_is_refused_and_nothing_is_written(folder: Path, schema: dict[str, Any]) -> None:
    before = {file: file.read_bytes() for file in folder.rglob("*.json")}

    with pytest.raises(files.UnableToChangePublishedError, match=rf"{ACCEPTED}(.|\n)*new version"):
        files.write(folder, with_schema(ACCEPTED, schema))
    with pytest.raises(files.UnableToChangePublishedError):
        files.publish(folder, with_schema(ACCEPTED, schema))

    assert {file: file.read_bytes() for file in folder.rglob("*.json")} == before


def test_a_published_file_that_was_changed_by_hand_gives_no_leave(folder: Path) -> None:
    changed = with_schema(ACCEPTED, with_field(ACCEPTED, {"type": "string"}))
    (folder / "porting.accepted.v1.json").write_text(files.text(changed.schemas[ACCEPTED]), encoding="utf-8")

    assert files.broken(folder, changed) == (ACCEPTED,)
    assert files.differences(folder, CODE) == {"porting.accepted.v1.json": How.OTHER}


def test_a_published_type_cannot_be_forgotten(folder: Path) -> None:
    with pytest.raises(files.UnableToChangePublishedError, match=ACCEPTED):
        files.write(folder, without_type(ACCEPTED))


def test_a_type_that_leads_on_to_a_newer_one_keeps_its_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(upcast.STEPS, ACCEPTED, lambda data: ("nl.naadloos.porting.accepted.v2", dict(data)))

    files.write(folder, without_type(ACCEPTED))

    assert (folder / "porting.accepted.v1.json").exists()
    assert (folder / "examples" / "porting.accepted.v1.json").exists()
    assert ACCEPTED in files.published(folder)


def test_an_unpublished_type_leaves_nothing_behind(tmp_path: Path) -> None:
    files.write(tmp_path, CODE)

    assert set(files.write(tmp_path, without_type(ACCEPTED)).values()) == {How.LEFT_OVER}
    assert not (tmp_path / "examples" / "porting.accepted.v1.json").exists()


def test_a_sentence_may_be_mended_at_any_time() -> None:
    mended = {**CODE.schemas[ACCEPTED], "description": "In better words.", "title": "Accepted"}

    assert fingerprint(mended) == fingerprint(CODE.schemas[ACCEPTED])


def test_a_field_called_title_is_a_field_and_no_wording() -> None:
    renamed = deepcopy(CODE.schemas[WAVE])
    renamed["properties"]["name"] = renamed["properties"].pop("title")

    assert fingerprint(renamed) != fingerprint(CODE.schemas[WAVE])


def test_a_part_of_a_message_may_gain_an_optional_field_too() -> None:
    deeper = deepcopy(CODE.schemas[PLANNED])
    deeper["$defs"]["Slot"]["properties"]["added"] = OPTIONAL
    narrower = deepcopy(deeper)
    narrower["$defs"]["Slot"]["required"].append("added")

    assert only_adds(CODE.schemas[PLANNED], deeper)
    assert not only_adds(CODE.schemas[PLANNED], narrower)
    assert not only_adds(deeper, CODE.schemas[PLANNED])


def test_another_default_is_a_change() -> None:
    before = with_field(ACCEPTED, OPTIONAL)
    after = with_field(ACCEPTED, {**OPTIONAL, "default": "else"})

    assert not only_adds(before, after)
    assert changed_in_place({ACCEPTED: fingerprint(before)}, {ACCEPTED: before}, {ACCEPTED: after}) == (ACCEPTED,)


def test_the_command_shows_by_exit_code_and_writes_only_when_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(files, "HERE", tmp_path)

    assert naadloos_schemas() == Exit.FAILED
    assert naadloos_schemas(publish=True) == Exit.REFUSED
    assert list(tmp_path.iterdir()) == []
    assert naadloos_schemas(write=True, publish=True) == Exit.DONE
    assert naadloos_schemas() == Exit.DONE
    assert "are what the code says" in capsys.readouterr().out


def naadloos_schemas(*, write: bool = False, publish: bool = False) -> int:
    words = ["schemas", *(["--write"] if write else []), *(["--publish"] if publish else [])]
    whole = ArgumentParser()
    command.add(whole.add_subparsers())
    args = whole.parse_args(words)
    return int(args.run(args))
