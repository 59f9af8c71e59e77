"""What may become of a published schema: nothing in place, but for optional fields that are added with a default."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from workers.contracts.json_schemas import Schema

_WORDS: Final = {"$id", "$schema", "$comment", "title", "description", "examples"}
"""Keywords that tell and do not bind: a sentence may be mended at any time."""
_NAMED: Final = {"properties", "$defs"}
"""Keywords whose keys are names; a field may be called `title`."""
_VALUES: Final = {"default", "const"}
"""Keywords that hold a value and no schema."""
_SETS: Final = {"required", "enum"}
"""Keywords whose order says nothing."""


def fingerprint(schema: Schema) -> str:
    """The sha256 of the canonical schema: what binds, in one order, whatever the wording."""
    canonical = json.dumps(binding(schema), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(canonical.encode()).hexdigest()


def binding(schema: Any) -> Any:  # noqa: ANN401 - any JSON in, the same kind out
    """The schema without its words."""
    if isinstance(schema, list):
        return [binding(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {keyword: _bound(keyword, value) for keyword, value in schema.items() if keyword not in _WORDS}


def only_adds(old: Schema, new: Schema) -> bool:
    """Whether the new schema is the old one with nothing but optional fields with defaults added, at any depth."""
    return _only_adds(binding(old), binding(new))


def changed_in_place(
    published: Mapping[str, str], stored: Mapping[str, Schema], said: Mapping[str, Schema]
) -> tuple[str, ...]:
    """The published types whose meaning would change under those who rely on them.

    `published` holds fingerprints, `stored` the schemas in the files, `said` those of today's code; all by type. A type
    that the code says no longer is kept as it was published.
    """
    return tuple(
        type_name
        for type_name, print_ in sorted(published.items())
        if not _kept(print_, stored.get(type_name), said.get(type_name))
    )


def _kept(published: str, stored: Schema | None, said: Schema | None) -> bool:
    if said is not None and fingerprint(said) == published:
        return True
    if stored is None or fingerprint(stored) != published:
        return False
    return said is None or only_adds(stored, said)


def _bound(keyword: str, value: Any) -> Any:  # noqa: ANN401 - the value of any keyword
    if keyword in _VALUES:
        return value
    if keyword in _SETS:
        return sorted(value)
    if keyword in _NAMED:
        return {name: binding(schema) for name, schema in value.items()}
    return binding(value)


def _only_adds(old: Any, new: Any) -> bool:  # noqa: ANN401 - any two parts of a schema
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_only_adds, old, new))
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return bool(old == new)
    rest = [{keyword: value for keyword, value in part.items() if keyword not in _NAMED} for part in (old, new)]
    return (
        rest[0].keys() == rest[1].keys()
        and all(_same(keyword, value, rest[1][keyword]) for keyword, value in rest[0].items())
        and _keeps_all(old.get("$defs", {}), new.get("$defs", {}))
        and _keeps_all(old.get("properties", {}), new.get("properties", {}))
        and all("default" in schema for schema in _added(old, new))
    )


def _same(keyword: str, old: Any, new: Any) -> bool:  # noqa: ANN401 - the values of any keyword
    return bool(old == new) if keyword in _VALUES | _SETS else _only_adds(old, new)


def _keeps_all(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return all(name in new and _only_adds(schema, new[name]) for name, schema in old.items())


def _added(old: Schema, new: Schema) -> list[Schema]:
    before = old.get("properties", {})
    return [schema for name, schema in new.get("properties", {}).items() if name not in before]
