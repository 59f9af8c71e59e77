"""A what-if: per subject what would come of taking up its dead letters, saved so that exactly this can be approved."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import ValidationError, field_validator

from events.base import Instant, LetterId, SubjectId
from orchestrator.decision import Because
from workers.journal.fold import Fold
from workers.journal.letters import Letters
from workers.replay.redo import Redo, redo
from workers.replay.shown import Part
from workers.runtime.files import replaced
from workers.runtime.language import _
from workers.runtime.letters import Found
from workers.runtime.topics import partition_of
from workers.runtime.unable import UnableToUnderstandError
from workers.views.waits import Waits


class WhatIf(Part):
    """What today's code would make of these subjects at that time, all effects off."""

    version: Literal[1] = 1
    """Of this file's own shape."""
    programme: str
    code: str
    """The fingerprint of the code that decided it."""
    at: Instant
    """The programme's time for which it was decided."""
    asked: str
    """Which subjects were asked about: the options as they were typed, none for everybody."""
    redos: tuple[Redo, ...]

    @field_validator("redos")
    @classmethod
    def _once(cls, redos: tuple[Redo, ...]) -> tuple[Redo, ...]:
        """Each subject once, so that the head-count which is typed back counts heads."""
        if len({one.subject for one in redos}) < len(redos):
            message = "a subject stands there twice"
            raise ValueError(message)
        return redos

    @property
    def digest(self) -> str:
        """Twelve hex digits that name exactly this: another subject, letter or effect is another digest."""
        return hashlib.blake2b(self.model_dump_json().encode(), digest_size=6).hexdigest()

    def approved(self) -> tuple[Redo, ...]:
        """The subjects that a redrive takes up: those of which a letter is mended, or for which something follows."""
        return tuple(one for one in self.redos if one.changes)


@dataclass(frozen=True)
class Basis:
    """What a what-if rests on: what is known of the programme, and the records of the letters it is asked about."""

    folds: Mapping[int, Fold]
    waits: Waits
    letters: Letters
    found: Mapping[LetterId, Found]

    def redo(self, subject: SubjectId, letters: Iterable[LetterId], *, now: datetime) -> Redo:
        """What would come of taking these letters of the subject up now."""
        fold = self.folds[partition_of(subject, len(self.folds))]
        mine = sorted((self.letters.opened[letter] for letter in letters), key=lambda letter: (letter.at, letter.id))
        before = [Because(wait.reason, wait.line) for wait in self.waits.of(subject)]
        return redo(fold, subject, mine, self.found, before=before, now=now)


def saved(what_if: WhatIf, path: Path) -> None:
    """The what-if stands in the file."""
    replaced(path, what_if.model_dump_json(indent=1).encode() + b"\n")


def opened(path: Path) -> WhatIf:
    """The what-if in the file. Raises `UnableToUnderstandError`."""
    try:
        return WhatIf.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UnableToUnderstandError(_refused(path, error.strerror or type(error).__name__)) from None
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"])) or "JSON"
        raise UnableToUnderstandError(_refused(path, where)) from None


def _refused(path: Path, why: str) -> str:
    text = _("Not redriven: {file} is no what-if that was saved here ({why}). Nothing was said.")
    return text.format(file=path, why=why) + "\n" + _("Make one:  naadloos replay what-if --save FILE")
