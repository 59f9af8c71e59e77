"""A search in one process, over some kinds of deviations only, so that it takes a second."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from workers.verify import searching
from workers.verify.deviating import deviations
from workers.verify.model import Model
from workers.verify.models import MODELS
from workers.verify.searching import Explorer, Tally
from workers.verify.situation import Situation
from workers.verify.stepping import Deviation, Stepped

Kept = Callable[[Deviation, Stepped], bool]


class Known:
    """The fingerprints seen by one process."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def add(self, fingerprint: int) -> bool:
        fresh = fingerprint not in self._seen
        self._seen.add(fingerprint)
        return fresh


def searched(monkeypatch: pytest.MonkeyPatch, model: str, kept: Kept, *, k: int = 1) -> Tally:
    """What a search of this model comes upon, with the deviations that are kept and no others."""

    def some(model: Model, before: Situation, usual: Stepped) -> Iterator[Deviation]:
        return (one for one in deviations(model, before, usual) if kept(one, usual))

    monkeypatch.setattr(searching, "deviations", some)
    explorer = Explorer(MODELS[model], Known())
    for node, usual in explorer.usual(k):
        if usual is not None:
            for after in explorer.turned(node, usual):
                explorer.explore(after)
    return explorer.tally


def befalls(*what: str) -> Kept:
    return lambda deviation, _: deviation.what in what


def lost(fact: str) -> Kept:
    """A message of this class that never comes."""
    return lambda deviation, usual: (
        deviation.turn.name == "LOST" and usual.mail is not None and type(usual.mail.said).__name__ == fact
    )


def either(*kinds: Kept) -> Kept:
    return lambda deviation, usual: any(kept(deviation, usual) for kept in kinds)
