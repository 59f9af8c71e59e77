"""The files in `schemas/` are what the code says, and what was published stays readable."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from events.codec import UnableToReadError, decode_any, encode
from events.registry import TYPES
from workers.contracts import files
from workers.contracts.json_schemas import ENVELOPE, json_schema
from workers.runtime.type_names import versioned

STORED = sorted((files.HERE / "examples").glob("*.json"))


def stored(path: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((files.HERE / path).read_text(encoding="utf-8"))
    return content


def errors(schema: dict[str, Any], value: object) -> list[str]:
    checker = Draft202012Validator(schema, format_checker=FormatChecker())
    return [error.message for error in checker.iter_errors(value)]


def is_read(example: dict[str, Any]) -> bool:
    try:
        decode_any(json.dumps(example).encode())
    except UnableToReadError:
        return False
    return True


def without(example: dict[str, Any], field: str) -> dict[str, Any]:
    return {**example, "data": {name: value for name, value in example["data"].items() if name != field}}


def test_the_files_are_what_the_code_says() -> None:
    assert files.differences(files.HERE, files.today()) == {}, "run: naadloos schemas --write"


def test_no_published_schema_is_changed_in_place() -> None:
    assert files.broken(files.HERE, files.today()) == ()


def test_making_them_twice_gives_the_same_bytes() -> None:
    assert files.today().files() == files.today().files()


@pytest.mark.parametrize("type_name", TYPES)
def test_every_type_has_a_schema_and_an_example(type_name: str) -> None:
    Draft202012Validator.check_schema(stored(f"{versioned(type_name)}.json"))
    assert stored(f"examples/{versioned(type_name)}.json")["type"] == type_name


def test_every_type_ever_published_has_its_schema_and_example() -> None:
    for type_name in files.published(files.HERE).keys() - {ENVELOPE}:
        assert stored(f"{versioned(type_name)}.json")["$id"].endswith(versioned(type_name))
        assert stored(f"examples/{versioned(type_name)}.json")["type"] == type_name


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_every_stored_example_of_whatever_version_is_read(path: Any) -> None:  # noqa: ANN401 - pytest's own type
    assert is_read(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("type_name", TYPES)
def test_an_example_is_said_again_as_it_was_heard(type_name: str) -> None:
    example = stored(f"examples/{versioned(type_name)}.json")

    assert json.loads(encode(decode_any(json.dumps(example).encode()))) == example


@pytest.mark.parametrize("type_name", TYPES)
def test_an_example_is_valid_by_the_schemas(type_name: str) -> None:
    example = stored(f"examples/{versioned(type_name)}.json")

    assert errors(stored(f"{versioned(ENVELOPE)}.json"), example) == []
    assert errors(stored(f"{versioned(type_name)}.json"), example["data"]) == []


@pytest.mark.parametrize("type_name", TYPES)
def test_an_example_fills_every_field(type_name: str) -> None:
    data = stored(f"examples/{versioned(type_name)}.json")["data"]

    assert data.keys() == TYPES[type_name].model_fields.keys() - {"type"}
    assert None not in data.values()


@pytest.mark.parametrize("type_name", TYPES)
def test_schema_and_code_agree_on_which_fields_may_be_left_out(type_name: str) -> None:
    schema, example = json_schema(type_name), stored(f"examples/{versioned(type_name)}.json")

    for field in example["data"]:
        shorter = without(example, field)
        assert (errors(schema, shorter["data"]) == []) == is_read(shorter) == (field not in schema.get("required", []))


@pytest.mark.parametrize("type_name", TYPES)
def test_a_reader_passes_over_a_field_that_the_schema_forbids_to_write(type_name: str) -> None:
    example = stored(f"examples/{versioned(type_name)}.json")
    longer = {**example, "data": {**example["data"], "added_by_a_newer_version": 1}}

    assert errors(json_schema(type_name), longer["data"]) != []
    assert is_read(longer)


def test_every_attribute_of_the_envelope_is_explained() -> None:
    attributes = stored(f"{versioned(ENVELOPE)}.json")["properties"]

    assert [name for name, schema in attributes.items() if not schema["description"]] == []
