"""The files in `schemas/`: what the code says they hold, where they differ, and how they are written and published."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from events.upcast import STEPS
from workers.contracts.asyncapi import asyncapi
from workers.contracts.evolution import changed_in_place, fingerprint
from workers.contracts.examples import examples
from workers.contracts.json_schemas import Schema, all_schemas
from workers.runtime.language import _, marked
from workers.runtime.type_names import versioned
from workers.runtime.unable import UnableToError

HERE: Final = Path(__file__).resolve().parents[2] / "schemas"
"""Where the files stand in a clone."""
PUBLISHED: Final = "published.json"
"""The record of what others rely on: type to fingerprint."""


@dataclass(frozen=True)
class Contract:
    """All that is told to others of the messages."""

    schemas: dict[str, Schema]
    examples: dict[str, Schema]
    document: Schema

    def files(self) -> dict[str, str]:
        """The text of every file by its path below the folder."""
        return {
            **{f"{versioned(name)}.json": text(schema) for name, schema in self.schemas.items()},
            **{f"examples/{versioned(name)}.json": text(example) for name, example in self.examples.items()},
            "asyncapi.json": text(self.document),
        }


class How(StrEnum):
    """In which way a file is not what the code says."""

    MISSING = marked("missing")
    OTHER = marked("other than the code")
    LEFT_OVER = marked("left over: the code says nothing of it")


class UnableToChangePublishedError(UnableToError):
    """A schema that others rely on would change its meaning, or be known no more; nothing was written."""

    kind = "forbidden"

    def __init__(self, types: tuple[str, ...]) -> None:
        head = _("Schemas not written: {count} published would change in place, and readers rely on them.")
        instead = (
            _("Nothing was written. Publish a new version instead:"),
            _("a class whose type ends in the next number, and a step from the old one in events/upcast.py."),
            _("Only an optional field with a default may be added in place."),
            _("See what differs:  naadloos schemas"),
        )
        super().__init__("\n".join((head.format(count=len(types)), *(f"  {name}" for name in types), *instead)))


class UnableToPublishError(UnableToError):
    """The files are not what the code says, so there is nothing sound to publish."""

    kind = "forbidden"

    def __init__(self, count: int) -> None:
        differ = _("Schemas not published: {count} files are not what the code says. Nothing was recorded.")
        super().__init__(differ.format(count=count) + "\n" + _("Write them first:  naadloos schemas --write"))


def today() -> Contract:
    """The contract of today's code."""
    return Contract(schemas=all_schemas(), examples=examples(), document=asyncapi())


def text(value: object) -> str:
    """JSON as the files have it: two spaces, and a line end at the end."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def published(folder: Path) -> dict[str, str]:
    """The fingerprint of every published schema by its type; empty before the first publication."""
    file = folder / PUBLISHED
    record: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return record


def differences(folder: Path, contract: Contract) -> dict[str, How]:
    """Every file that is not what the code says, by its path below the folder."""
    said, kept = contract.files(), _kept_files(folder, contract)
    there = {
        file.relative_to(folder).as_posix() for glob in ("*.json", "examples/*.json") for file in folder.glob(glob)
    }
    found = {path: How.MISSING for path in said if path not in there}
    found |= {path: How.OTHER for path in said if path in there and _read(folder / path) != said[path]}
    found |= {path: How.LEFT_OVER for path in there if path not in said and path not in kept}
    return dict(sorted(found.items()))


def broken(folder: Path, contract: Contract) -> tuple[str, ...]:
    """The published types that today's code changes in place, or neither says nor leads on to a newer version."""
    record = published(folder)
    unreadable = {name for name in record if name not in contract.schemas and name not in STEPS}
    changed = changed_in_place(record, _stored(folder, record), contract.schemas)
    return tuple(sorted(unreadable.union(changed)))


def write(folder: Path, contract: Contract) -> dict[str, How]:
    """The files are what the code says; returns what was changed.

    Raises `UnableToChangePublishedError` when a published schema would change in place other than by optional fields.
    """
    if wrong := broken(folder, contract):
        raise UnableToChangePublishedError(wrong)
    changed, said = differences(folder, contract), contract.files()
    for path, how in changed.items():
        if how is How.LEFT_OVER:
            (folder / path).unlink()
        else:
            _write(folder / path, said[path])
    _record(folder, contract, [name for name in published(folder) if name in contract.schemas])
    return changed


def publish(folder: Path, contract: Contract) -> tuple[str, ...]:
    """Every schema of the code is published; returns those that were not before.

    Raises `UnableToPublishError` when the files are not what the code says, `UnableToChangePublishedError` as `write`
    does.
    """
    if wrong := broken(folder, contract):
        raise UnableToChangePublishedError(wrong)
    if differing := differences(folder, contract):
        raise UnableToPublishError(len(differing))
    new = tuple(name for name in contract.schemas if name not in published(folder))
    _record(folder, contract, list(contract.schemas))
    return new


def _record(folder: Path, contract: Contract, types: list[str]) -> None:
    before = published(folder)
    after = before | {name: fingerprint(contract.schemas[name]) for name in types}
    if after != before:
        _write(folder / PUBLISHED, text(dict(sorted(after.items()))))


def _kept_files(folder: Path, contract: Contract) -> set[str]:
    """The record, and what was published and is said no longer: kept, so that old messages can still be checked."""
    retired = [versioned(name) for name in published(folder) if name not in contract.schemas]
    return {PUBLISHED, *(f"{name}.json" for name in retired), *(f"examples/{name}.json" for name in retired)}


def _stored(folder: Path, types: dict[str, str]) -> dict[str, Schema]:
    files = {name: folder / f"{versioned(name)}.json" for name in types}
    return {name: json.loads(_read(file)) for name, file in files.items() if file.exists()}


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _write(file: Path, content: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8", newline="\n")
