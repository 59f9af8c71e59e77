"""Anchors: the head of each partition at one moment, for somebody to write down where nobody of ours can alter it.

The chain shows an altered record by its successor; the last one has none, and a tail that is cut off leaves a chain
that is whole. Both show against an anchor.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from workers.runtime.language import _
from workers.runtime.unable import UnableToError


class UnableToReadAnchorError(UnableToError):
    """The file holds no anchor, or one of another programme."""

    kind = "wrong"


class Head(BaseModel):
    """The last accepted record of a partition."""

    model_config = ConfigDict(frozen=True)

    partition: int
    position: int
    """Its offset in the journal."""
    offset: int
    """The inbox offset that it decided."""
    hash: str


class Anchor(BaseModel):
    """The heads of all partitions. A partition without a record has none."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: Literal["naadloos-anchor/1"] = "naadloos-anchor/1"
    programme: str
    prefix: str
    """Before the names of its topics at that time. For people: a programme that was restored may stand under others."""
    at: AwareDatetime
    """The programme's time."""
    heads: tuple[Head, ...]


class _Around(BaseModel):
    """A report with an anchor in it, as `backup` and `audit` print it."""

    anchor: Anchor


def anchor_of(programme: str, prefix: str, heads: list[Head], *, at: datetime) -> Anchor:
    """These heads as an anchor."""
    return Anchor(programme=programme, prefix=prefix, at=at, heads=tuple(heads))


def read_anchor(path: Path, *, programme: str, backup: Path | None) -> Anchor:
    """The anchor in this file, by itself or in a report. Raises `UnableToReadAnchorError`.

    It is of the programme that is read: what a backup holds where one is named, else what the settings name.
    """
    try:
        text = path.read_bytes()
    except OSError as error:
        raise UnableToReadAnchorError(_unread(path, error.strerror or type(error).__name__)) from error
    anchor = _parsed(path, text)
    if anchor.programme != programme:
        of_another = _of_another(path, anchor.programme, programme)
        raise UnableToReadAnchorError(f"{of_another}\n{_instead(anchor.programme, programme, backup)}")
    return anchor


def _parsed(path: Path, text: bytes) -> Anchor:
    try:
        return _Around.model_validate_json(text).anchor
    except ValidationError:
        try:
            return Anchor.model_validate_json(text)
        except ValidationError as error:
            raise UnableToReadAnchorError(_unread(path, error.errors()[0]["type"])) from None


def _of_another(path: Path, theirs: str, ours: str) -> str:
    told = _("The anchor in {path} is of programme {theirs}, and this is {ours}. Nothing was held against it.")
    return told.format(path=path, theirs=theirs, ours=ours)


def _instead(theirs: str, ours: str, backup: Path | None) -> str:
    if backup is None:
        return _("Is that the one?  export NAADLOOS_PROGRAMME={theirs}").format(theirs=theirs)
    told = _("Give the anchor of {ours}, or the backup of {theirs}:  naadloos audit --from FILE --anchor FILE")
    return told.format(ours=ours, theirs=theirs)


def _unread(path: Path, why: str) -> str:
    return "\n".join(
        (
            _("There is no anchor in {path} ({why}). Nothing was held against it.").format(path=path, why=why),
            _("An anchor is what this prints:  naadloos backup FILE --go --json"),
        )
    )
