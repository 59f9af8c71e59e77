"""An act that would cut somebody off is refused before it is said (docs/promises.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from events.base import SubjectId
from events.registry import AnyFact
from workers.cli.page import few
from workers.cli.session import Session
from workers.promises.forethought import broken_by
from workers.runtime.language import _
from workers.runtime.unable import UnableToAllowError


def check_foreseen(opened: Session, acts: Iterable[tuple[SubjectId, AnyFact]]) -> None:
    """What would be decided at once upon these breaks no promise. Raises `UnableToAllowError`."""
    if broken := broken_by(acts, opened.known().states, opened.terms, now=opened.now()):
        raise UnableToAllowError(refused([f"{one.line}: {one.why}" for one in dict.fromkeys(broken)]))


def refused(broken: Sequence[str]) -> str:
    """Why an act is refused that would have these broken."""
    return "\n".join(
        (
            _("Not said: right upon it somebody could be cut off, for this code decides what it never may:"),
            f"  {few(broken)}",
            _("Nothing was said. Stop the workers, and check their code:  naadloos down && naadloos verify"),
        )
    )
