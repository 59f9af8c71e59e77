"""The AsyncAPI document is valid, whole, and true of the topics."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from events.registry import COMMAND_TYPES, FACT_TYPES, PEOPLE_TYPES, TYPES, WORKER_OF
from workers.contracts import files
from workers.runtime.settings import Settings
from workers.runtime.topics import TOPICS
from workers.runtime.type_names import versioned

OFFICIAL = json.loads((Path(__file__).parent / "asyncapi-3.0.0.json").read_text(encoding="utf-8"))
DOCUMENT = json.loads((files.HERE / "asyncapi.json").read_text(encoding="utf-8"))


def references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for inner in part.values():
            yield from references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from references(inner)


def at(pointer: str) -> Any:  # noqa: ANN401 - any part of the document
    part = DOCUMENT
    for step in pointer.removeprefix("#/").split("/"):
        part = part[step]
    return part


def names(channel: str) -> set[str]:
    return set(DOCUMENT["channels"][channel]["messages"])


def from_file(uri: str) -> Resource[Any]:
    return DRAFT202012.create_resource(json.loads((files.HERE / uri).read_text(encoding="utf-8")))


def test_is_valid_by_the_official_schema() -> None:
    assert [error.message for error in Draft7Validator(OFFICIAL).iter_errors(DOCUMENT)] == []


def test_the_official_schema_finds_a_planted_mistake() -> None:
    planted = {**DOCUMENT, "operations": {"decider": {"action": "listen", "channel": {"$ref": "#/channels/inbox"}}}}

    assert not Draft7Validator(OFFICIAL).is_valid(planted)


def test_every_type_is_in_it() -> None:
    assert {message["name"] for message in DOCUMENT["components"]["messages"].values()} >= TYPES.keys()


def test_every_channel_is_a_topic_and_every_topic_a_channel() -> None:
    assert DOCUMENT["channels"].keys() == {topic.name for topic in TOPICS}
    assert {channel["address"] for channel in DOCUMENT["channels"].values()} == {
        f"{{prefix}}.{topic.name}" for topic in TOPICS
    }


def test_every_fact_goes_into_the_inbox_and_every_person_into_people() -> None:
    assert names("inbox") == set(map(versioned, FACT_TYPES))
    assert names("people") == set(map(versioned, PEOPLE_TYPES))


def test_every_command_goes_to_the_one_worker_that_carries_it_out() -> None:
    for type_name, kind in COMMAND_TYPES.items():
        homes = [channel for channel in DOCUMENT["channels"] if versioned(type_name) in names(channel)]
        assert homes == [f"commands.{WORKER_OF[kind]}"]


def test_names_and_addresses_are_sent_by_the_import_and_read_by_the_messages_worker_alone() -> None:
    touching = {name for name, op in DOCUMENT["operations"].items() if op["channel"]["$ref"] == "#/channels/people"}

    assert touching == {"messages.receive.people", "operator.send.people"}


def test_every_topic_is_written_and_read_by_somebody() -> None:
    for name in DOCUMENT["channels"]:
        ends = {op["action"] for op in DOCUMENT["operations"].values() if op["channel"]["$ref"] == f"#/channels/{name}"}
        assert ends == {"send", "receive"}, name


def test_every_reference_leads_somewhere() -> None:
    for reference in set(references(DOCUMENT)):
        assert at(reference) if reference.startswith("#/") else (files.HERE / reference).is_file()


def test_an_operation_names_only_messages_of_its_own_channel() -> None:
    for operation in DOCUMENT["operations"].values():
        channel = operation["channel"]["$ref"]
        assert all(message["$ref"].startswith(f"{channel}/messages/") for message in operation.get("messages", []))


@pytest.mark.parametrize("type_name", TYPES)
def test_the_example_of_a_message_is_valid_by_its_payload(type_name: str) -> None:
    message = at(f"#/components/messages/{versioned(type_name)}")
    registry: Registry[Any] = Registry(retrieve=from_file)  # type: ignore[call-arg]
    payload = Draft202012Validator(message["payload"]["schema"], registry=registry)

    for example in message["examples"]:
        assert [error.message for error in payload.iter_errors(example["payload"])] == []
        assert not payload.is_valid({**example["payload"], "type": "nl.naadloos.other.v1"})


def test_says_the_same_whatever_the_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAADLOOS_PARTITIONS", "3")
    monkeypatch.setenv("NAADLOOS_TOPIC_PREFIX", "elsewhere")

    assert Settings().partitions == 3
    assert files.today().document == DOCUMENT
