"""How counterparts answer, whatever they do: slowly, too late, or not to the end. Drawn per line and step."""

from typing import Final, NamedTuple

from pydantic import BaseModel, ConfigDict

from workers.world.acts import step_of
from workers.world.chances import Chances, Share


class Manner(NamedTuple):
    """How one request is answered: after so many seconds of the machine's time, and whether to the end."""

    seconds: float = 0.0
    breaks_off: bool = False


AT_ONCE: Final = Manner()


class Manners(BaseModel):
    """How often which. All of it is off unless asked for; what was asked is done in every case, and once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slow: Share = 0  # answers after a while
    slow_seconds: tuple[float, float] = (0.2, 1.5)
    late: Share = 0  # answers when nobody waits for it any more
    late_seconds: float = 90
    broken_off: Share = 0  # acts, and hangs up without a word

    def towards(self, line: str, reference: str, chances: Chances) -> Manner:
        """How this line's request under this reference is answered, whatever else is asked and in whatever order."""
        step = step_of(reference)
        if chances.hits(self.late, line, "late", step):
            return Manner(self.late_seconds)
        if chances.hits(self.broken_off, line, "broken-off", step):
            return Manner(breaks_off=True)
        if chances.hits(self.slow, line, "slow", step):
            return Manner(chances.between(*self.slow_seconds, line, "slowness", step))
        return AT_ONCE
