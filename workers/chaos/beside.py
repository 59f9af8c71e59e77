"""Beside a rehearsal that is struck: the striker, for as long as the lines move, and an eye on whether they do."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from workers.chaos.ground import Ground
from workers.chaos.striker import Now, Striker, Tell
from workers.chaos.strikes import Strike
from workers.chaos.striking import Striking
from workers.rehearsal.run import Rehearsal
from workers.runtime.language import _
from workers.runtime.unable import UnableToError

PEACE_AFTER: Final = 120.0
"""Seconds without a new decision, after which nothing is struck until there is one: workers that are killed faster than
they start on this machine prove nothing."""
PATIENCE: Final = 240.0
"""Seconds without a new decision, after which nothing is expected any more: its second half was left in peace, and is
longer than every wait of ours together."""
Look = Callable[[Rehearsal], None]


class UnableToFinishError(UnableToError):
    """A rehearsal stands still, though everything that was struck was mended."""


@dataclass
class Beside:
    """Follows one rehearsal by what it shows; strikes while its lines move, and when time is up what is owed."""

    ground: Ground
    plan: Iterator[Strike]
    until: float
    """By the clock of `now`."""
    tell: Tell
    look: Look
    now: Now = time.monotonic
    striker: Striker | None = None
    left_in_peace: int = 0
    """How often nothing was struck for a while, since nothing was decided."""
    _striking: Striking | None = None
    _moved: float = 0.0
    _records: int = -1

    def show(self, now: Rehearsal) -> None:
        """Called by the rehearsal whenever there may be something new to see.

        Raises `UnableToFinishError`, and `UnableToStrikeOnError` where the striker has ended by a fault.
        """
        if now.phase == "migration":
            self._strike(now)
            self._watch(now)
        self.look(now)

    def _strike(self, now: Rehearsal) -> None:
        if self._striking is not None:
            self._striking.check()
        if now.progress.get("finished") or self._is_over():
            self.stop()
        elif self.striker is None:
            assert now.supervisor is not None
            self.striker = Striker(
                self.plan,
                crew=now.supervisor,
                ground=self.ground,
                settings=now.settings,
                tell=self.tell,
                now=self.now,
            )
            self._striking = Striking(self.striker, folder=now.folder)
            self._striking.start()

    def _is_over(self) -> bool:
        # On a slow machine the time may be up before the first round is, and what comes once has to come.
        return self.now() > self.until and self.striker is not None and not self.striker.owes

    def _watch(self, now: Rehearsal) -> None:
        if now.tally.records != self._records:
            self._records, self._moved = now.tally.records, self.now()
        still = self.now() - self._moved
        if still > PATIENCE:
            self.stop()
            raise UnableToFinishError(_stuck(now))
        if self.striker is not None:
            before, self.striker.in_peace = self.striker.in_peace, still > PEACE_AFTER
            self.left_in_peace += self.striker.in_peace and not before

    def stop(self) -> None:
        """Nothing is struck any more, and all that was is mended. Raises `UnableToStrikeOnError`."""
        if self._striking is not None:
            self._striking.stop()


def _stuck(now: Rehearsal) -> str:
    return "\n".join(
        (
            _("The rehearsal stands still since {seconds:.0f} seconds, at {moment}; it waits for {ids}.").format(
                seconds=PATIENCE,
                moment=now.progress.get("now", _("its beginning")),
                ids=", ".join(now.progress.get("waiting_for", ())) or _("nothing that it could name"),
            ),
            _("The workers were stopped, and all was left as it is. Read what they said:  ls {folder}").format(
                folder=now.folder / "logs"
            ),
        )
    )
