"""What was struck and does not mend by itself, and when each is made good."""

from collections.abc import Callable, Hashable

Mend = Callable[[], object]


class Mending:
    """What is still to be made good: each thing once, however often it was struck."""

    def __init__(self) -> None:
        self._due: dict[Hashable, tuple[float, Mend]] = {}

    def later(self, what: Hashable, at: float, mend: Mend) -> None:
        """It is made good at that time, or when the strike of it ends that lasts longest."""
        before = self._due.get(what)
        self._due[what] = (at if before is None else max(at, before[0]), mend)

    def waits(self, what: Hashable) -> bool:
        """Whether it is struck and not made good yet."""
        return what in self._due

    def at_once(self, what: Hashable) -> None:
        """It is as it was before it was struck. What cannot be made good now is tried again when its time comes."""
        if what in self._due:
            self._due[what][1]()
            del self._due[what]

    def until(self, at: float) -> None:
        """All that is due by then is made good, in its order, whatever becomes of the others.

        Raises an `ExceptionGroup` of the faults at which one was not.
        """
        faults: list[Exception] = []
        for what in sorted((what for what, (due, _) in self._due.items() if due <= at), key=lambda w: self._due[w][0]):
            try:
                self.at_once(what)
            except Exception as fault:  # noqa: BLE001 - one that cannot be mended keeps no other from being mended
                faults.append(fault)
        if faults:
            raise ExceptionGroup("not made good", faults)
