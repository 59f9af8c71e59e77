"""A message of ours, read by the CloudEvents SDK, comes out whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_structured_event, to_structured_event
from cloudevents.core.formats.json import JSONFormat

from events.codec import CONTENT_TYPE, decode_any
from workers.contracts import files

STORED = sorted((files.HERE / "examples").glob("*.json"))
EXTENSIONS = ["recordedtime", "correlationid", "causationid", "traceparent", "actor"]


def record(value: bytes) -> KafkaMessage:
    return KafkaMessage(headers={"content-type": CONTENT_TYPE.encode()}, key=None, value=value)


def test_our_content_type_is_the_one_of_the_sdk() -> None:
    assert JSONFormat().get_content_type() == CONTENT_TYPE


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_every_attribute_extension_and_the_data_come_out(path: Path) -> None:
    example = json.loads(path.read_bytes())
    event = from_structured_event(record(path.read_bytes()))

    assert (event.get_id(), event.get_source(), event.get_type()) == (example["id"], example["source"], example["type"])
    assert (event.get_specversion(), event.get_subject()) == ("1.0", example["subject"])
    assert event.get_datacontenttype() == "application/json"
    assert event.get_time() == decode_any(path.read_bytes()).time
    assert {name: event.get_extension(name) for name in EXTENSIONS} == {name: example[name] for name in EXTENSIONS}
    assert event.get_data() == example["data"]
    assert event.get_attributes().keys() == example.keys() - {"data"}


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_what_the_sdk_writes_is_read_by_us_as_the_same_message(path: Path) -> None:
    written = to_structured_event(from_structured_event(record(path.read_bytes())))

    assert decode_any(written.value) == decode_any(path.read_bytes())
