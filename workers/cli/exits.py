"""How every command ends: the closed list of exit codes."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """What the exit code of a command means."""

    DONE = 0
    """What was asked is true now, or was shown."""

    FAILED = 1
    """Tried and did not come out: a failed scenario step, an outcome other than promised."""

    USAGE = 2
    """The command was not understood; the same code that argparse gives."""

    REFUSED = 3
    """Understood and not done, because a rule forbids it."""

    NOT_CONFIRMED = 4
    """Shown, and not done because nobody said yes."""

    UNAVAILABLE = 5
    """Something needed is not there: Kafka, Java, a port, room on the disk."""

    BAD_INPUT = 6
    """A file or a value is wrong; the place is named."""

    INTERRUPTED = 130
    """Stopped by Ctrl-C."""

    TERMINATED = 143
    """Asked to end (SIGTERM); what it had started was stopped first."""
