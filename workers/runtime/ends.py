"""How a worker's process ends, so that its supervisor knows whether another start would mend it."""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class End(IntEnum):
    """An exit code of a worker. `deploy/runbooks/worker-given-up.md` says what each asks of a person."""

    UNABLE = 2
    """Options or settings are wrong, there is no provider, or it is a drill: the code that argparse gives as well."""

    ANEW = 70
    """Something that another start may mend: a write that was somebody else's turn, commands that stay away."""

    PERSON_FIRST = 71
    """Our own decisions raise, or the clock jumped or stands where no programme is: a person must look first."""

    KAFKA_AWAY = 75
    """Kafka did not answer for as long as a worker waits (EX_TEMPFAIL of sysexits.h)."""


NEVER_AGAIN: Final = frozenset({End.UNABLE, End.PERSON_FIRST})
"""What another start would not mend."""
