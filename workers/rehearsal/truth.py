"""Who answers now, read from the world's truth log as it grows. For the display alone: no worker may look here."""

import json
from pathlib import Path

from workers.world.truth import UNDER_WAY


class Watch:
    """What answers each number at the moment."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._position = 0
        self._answers: dict[str, str] = {}

    def look(self) -> None:
        """Read what was written since."""
        if not self._path.exists():
            return
        with self._path.open("rb") as log:
            log.seek(self._position)
            for row in log:
                if not row.endswith(b"\n"):
                    break
                self._position += len(row)
                self._know(json.loads(row))

    def _know(self, row: dict[str, str]) -> None:
        if "answers" in row:
            self._answers[row["line"]] = "port" if row["why"] == UNDER_WAY else row["answers"]

    def unreachable(self) -> int:
        """Lines that nothing answers, other than in the bounded moment of the port itself."""
        return sum(answer == "nothing" for answer in self._answers.values())

    def covered(self) -> int:
        """Lines that the safety net alone answers."""
        return sum(answer == "net" for answer in self._answers.values())

    def moving(self) -> int:
        """Lines whose port is under way at this moment."""
        return sum(answer == "port" for answer in self._answers.values())
