"""The AsyncAPI 3.0 document: the topics, what stands in them, who writes and who reads it."""

from __future__ import annotations

from typing import Any, Final

from events.codec import CONTENT_TYPE
from events.journal import JournalRecord
from events.registry import TYPES
from workers.contracts.examples import example
from workers.contracts.json_schemas import DIALECT, ENVELOPE, Schema
from workers.contracts.parts import TRAFFIC, Traffic, carried
from workers.runtime.settings import Settings
from workers.runtime.topics import TOPICS, Topic, TopicName
from workers.runtime.type_names import versioned

VERSION: Final = "1.0.0"
"""The version of the document. Messages carry their own."""
BINDING: Final = "0.5.0"
"""The version of AsyncAPI's Kafka binding."""
SCHEMA_FORMAT: Final = "application/schema+json;version=2020-12"

DESCRIPTION: Final = """\
Naadloos moves every employee of an organisation to a new mobile provider, with nobody unreachable for one moment.

Facts go into `inbox`, one decision per fact into `journal`, commands from there to the workers, and what came of them
back into `inbox` as facts. Every message is a CloudEvent 1.0 in structured mode, keyed by its subject and placed with
the murmur2 partitioner. Readers pass over fields that they do not know; writers add none. Names and addresses stand in
`people` and nowhere else."""


def _inlined(schema: Schema) -> Schema:
    """The schema with its definitions where they are used: in the document a reference to them leads nowhere."""
    definitions = schema.pop("$defs", {})

    def within(part: Any) -> Any:  # noqa: ANN401 - any part of a JSON document
        if isinstance(part, dict):
            name = str(part.get("$ref", "")).removeprefix("#/$defs/")
            return within(definitions[name]) if name in definitions else {key: within(it) for key, it in part.items()}
        return [within(each) for each in part] if isinstance(part, list) else part

    inlined: Schema = within(schema)
    return inlined


RECORDS: Final[dict[TopicName, tuple[str, str, Schema]]] = {
    "journal": (
        "journal-record",
        "What was heard, what was decided and why, its outcomes and commands, and when to look again.",
        _inlined(JournalRecord.model_json_schema()),
    ),
    "dead-letters": (
        "dead-letter",
        "The very bytes that could not be read or done; where they stood and why is told in the record's headers.",
        {"type": "string", "format": "binary"},
    ),
}
"""The topics that hold records of Naadloos itself: the record's name, what it is, and its schema."""


def asyncapi() -> Schema:
    """The whole document, the same for the same code whatever the settings of this machine."""
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Naadloos", "version": VERSION, "description": DESCRIPTION},
        "defaultContentType": CONTENT_TYPE,
        "servers": {"embedded": _server()},
        "channels": {topic.name: _channel(topic) for topic in TOPICS},
        "operations": {_operation_name(traffic): _operation(traffic) for traffic in TRAFFIC},
        "components": {"messages": {**_records(), **{versioned(name): _message(name) for name in sorted(TYPES)}}},
    }


def _default(setting: str) -> int | str:
    value: int | str = Settings.model_fields[setting].default
    return value


def _server() -> Schema:
    return {
        "host": f"127.0.0.1:{_default('kafka_port')}",
        "protocol": "kafka",
        "description": "The Kafka that Naadloos runs itself where no cluster is given.",
    }


def _channel(topic: Topic) -> Schema:
    return {
        "address": f"{{prefix}}.{topic.name}",
        "title": topic.name,
        "description": f"{topic.carries[0].upper()}{topic.carries[1:]}. Keyed by {topic.key}.",
        "parameters": {
            "prefix": {"description": "The programme's own topics.", "default": str(_default("programme"))},
        },
        "messages": {name: _pointer("components", "messages", name) for name in _names(topic.name)},
        "bindings": {"kafka": _kafka(topic)},
    }


def _kafka(topic: Topic) -> Schema:
    cleanup = "compact" if topic.keep == "latest per key" else "delete"
    return {
        "partitions": _default("partitions"),
        "topicConfiguration": {"cleanup.policy": [cleanup], "retention.ms": -1, "retention.bytes": -1},
        "bindingVersion": BINDING,
    }


def _names(topic: TopicName) -> list[str]:
    return [RECORDS[topic][0]] if topic in RECORDS else sorted(map(versioned, carried(topic)))


def _message(type_name: str) -> Schema:
    kind = TYPES[type_name]
    text = " ".join((kind.__doc__ or "").split())
    return {
        "name": type_name,
        "title": kind.__name__,
        "summary": text,
        "contentType": CONTENT_TYPE,
        "payload": {"schemaFormat": SCHEMA_FORMAT, "schema": _payload(type_name)},
        "bindings": {"kafka": _key("The subject." if type_name not in carried("people") else "The person's id.")},
        "examples": [{"payload": example(type_name)}],
    }


def _payload(type_name: str) -> Schema:
    return {
        "$schema": DIALECT,
        "allOf": [{"$ref": f"./{versioned(ENVELOPE)}.json"}],
        "properties": {"type": {"const": type_name}, "data": {"$ref": f"./{versioned(type_name)}.json"}},
    }


def _records() -> Schema:
    return {
        name: {
            "name": name,
            "title": name.replace("-", " ").capitalize(),
            "summary": text,
            "contentType": "application/json",
            "payload": {"schemaFormat": SCHEMA_FORMAT, "schema": {"$schema": DIALECT, **schema}},
            "bindings": {"kafka": _key("The subject.")},
        }
        for name, text, schema in RECORDS.values()
    }


def _key(text: str) -> Schema:
    return {"key": {"type": "string", "description": text}, "bindingVersion": BINDING}


def _operation_name(traffic: Traffic) -> str:
    return f"{traffic.part}.{traffic.action}.{traffic.topic}"


def _operation(traffic: Traffic) -> Schema:
    whole = {
        "action": traffic.action,
        "channel": _pointer("channels", traffic.topic),
        "summary": f"{traffic.part.capitalize()}: {traffic.why}.",
        "tags": [{"name": traffic.part}],
    }
    if traffic.only is None:
        return whole
    chosen = sorted(versioned(name) for name, kind in carried(traffic.topic).items() if traffic.only(kind))
    return {**whole, "messages": [_pointer("channels", traffic.topic, "messages", name) for name in chosen]}


def _pointer(*steps: str) -> Schema:
    return {"$ref": "#/" + "/".join(steps)}
