"""What one worker process remembers of late: which keys it answered and how, and which were taken back."""

from collections import OrderedDict
from typing import Final

from events.registry import AnyFact

KEPT: Final = 20_000
"""Keys remembered. A repeat comes within seconds of the first copy; older ones are known by the counterpart."""


class Memory:
    """Answers by business key and keys taken back, the oldest forgotten first."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._answers: OrderedDict[str, AnyFact] = OrderedDict()
        self._taken_back: OrderedDict[str, None] = OrderedDict()

    def answer(self, key: str) -> AnyFact | None:
        """What was answered under this key, None if nothing is remembered."""
        return self._answers.get(key)

    def remember(self, key: str, fact: AnyFact) -> None:
        """This key has been answered so."""
        self._answers[key] = fact
        if len(self._answers) > self._kept:
            self._answers.popitem(last=False)

    def take_back(self, key: str) -> None:
        """The command with this key is not to be carried out."""
        self._taken_back[key] = None
        if len(self._taken_back) > self._kept:
            self._taken_back.popitem(last=False)

    def taken_back(self, key: str) -> bool:
        """Whether the command with this key is not to be carried out."""
        return key in self._taken_back
