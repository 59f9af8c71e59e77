"""One JSON Schema (2020-12) per message type, and one for the envelope that they all travel in."""

from __future__ import annotations

from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema

from events.base import PREFIX
from events.envelope import Wire
from events.registry import TYPES
from workers.runtime.type_names import versioned

Schema = dict[str, Any]
"""A JSON Schema, or any JSON object of the contract."""

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
ENVELOPE: Final = f"{PREFIX}.envelope.v1"
"""The envelope's name among the published types; no message has it."""

ATTRIBUTES: Final = {
    "specversion": "The version of CloudEvents.",
    "id": "Unique per source; the same id twice is the same message.",
    "source": "Which part said it.",
    "type": "Which message it is, with its version; the schema of `data` has the same name.",
    "subject": "Whose inbox it is, and the key of the Kafka record.",
    "time": "When it was true. UTC.",
    "recordedtime": "When we knew. UTC.",
    "correlationid": "What belongs together.",
    "causationid": "The id of the message that made this one be said.",
    "traceparent": "W3C trace context.",
    "actor": "The account that gave the order, where a person did.",
    "datacontenttype": "The media type of `data`.",
    "data": "The message itself. A reader passes over a field that it does not know; a producer adds none.",
}
"""What each attribute of the envelope means."""


def json_schema(type_name: str) -> Schema:
    """The schema of the `data` of this type: strict, since producers say nothing beyond it. Raises `KeyError`."""
    schema = TYPES[type_name].model_json_schema(schema_generator=_Plain)
    # The type stands in the envelope.
    del schema["properties"]["type"]
    return {**_head(type_name), "$comment": f"The data of a CloudEvent of type {type_name}.", **schema}


def envelope_schema() -> Schema:
    """The schema of a whole message as it stands on the wire, its data not looked into."""
    schema = Wire.model_json_schema(schema_generator=_Plain)
    for name, described in schema["properties"].items():
        described["description"] = ATTRIBUTES.get(name, "")
    return {**_head(ENVELOPE), **schema, "title": "Envelope"}


def all_schemas() -> dict[str, Schema]:
    """Every schema of today's code by its type, the envelope's among them."""
    return {ENVELOPE: envelope_schema(), **{type_name: json_schema(type_name) for type_name in sorted(TYPES)}}


class _Plain(GenerateJsonSchema):
    """Pydantic's schema without the titles that only repeat a field's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 - pydantic's signature
        return False


def _head(type_name: str) -> Schema:
    return {"$schema": DIALECT, "$id": f"urn:naadloos:schema:{versioned(type_name)}"}
