"""A decider with a bug: `python flawed_decider.py NAME`, settings as always. It fails to decide on hand-overs."""

from __future__ import annotations

import sys
from typing import Any

from events.dispatch import HandedOver
from events.registry import AnyFact
from orchestrator import subjects
from workers.journal.__main__ import main

right = subjects.decide


def decide(state: Any, fact: AnyFact, **more: Any) -> Any:  # noqa: ANN401 - hands on what it gets
    if isinstance(fact, HandedOver):
        raise ZeroDivisionError
    return right(state, fact, **more)


if __name__ == "__main__":
    subjects.decide = decide
    sys.exit(main(sys.argv[1]))
