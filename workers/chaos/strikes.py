"""The plan of strikes: what is struck, whom, for how long. The same seed gives the same plan, for ever.

When a strike falls is a matter of the machine's time, so two runs of one plan strike the same things in the same order
at moments that differ, but for what is owed and found nobody: it falls later. What comes of it must not differ.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count as numbers
from typing import Final, Literal, assert_never, get_args

from workers.runtime.groups import SESSION_SECONDS
from workers.runtime.language import marked

Kind = Literal[
    "kill",
    "stop",
    "broker-kill",
    "broker-stop",
    "broker-full-disk",
    "cut",
    "lost-answer",
    "hold",
    "duplicate",
    "full-disk",
    "clock-back",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
TEXTS: Final[dict[Kind, str]] = {
    "kill": marked("kill -9 of {whom}"),
    "stop": marked("{whom} stands still for {seconds} s"),
    "broker-kill": marked("kill -9 of the broker, started again after {seconds} s"),
    "broker-stop": marked("the broker is stopped, and started again after {seconds} s"),
    "broker-full-disk": marked("the disk takes nothing of the broker, which is started again after {seconds} s"),
    "cut": marked("the connections of {whom} to Kafka are cut"),
    "lost-answer": marked("the answers to the next {count} appends get lost"),
    "hold": marked("nothing passes between {whom} and Kafka for {seconds} s"),
    "duplicate": marked("{count} messages of {whom} are said again"),
    "full-disk": marked("the disk takes nothing of {whom} for {seconds} s"),
    "clock-back": marked("the clock goes {count} s back for {seconds} s"),
}
SHARES: Final[dict[Kind, int]] = {
    "kill": 59, "stop": 10, "broker-kill": 2, "broker-stop": 2, "broker-full-disk": 1, "cut": 6, "lost-answer": 6,
    "hold": 5, "duplicate": 4, "full-disk": 3, "clock-back": 2,
}  # fmt: skip
"""How many of a hundred strikes, once each kind has come."""
SOON: Final = (0.2, 1.0)
"""Seconds between two of the first strikes, so that a short rehearsal sees every kind."""
PAUSE: Final = 4.0
"""Seconds between two of the others, on average: what was struck comes back to work in between, or not quite."""
SPREAD: Final = (0.25, 1.75)
EVERYBODY: Final = marked("everybody")
TOPICS: Final = ("inbox", "inbox", "commands.porting", "commands.dispatch", "commands.cutover", "commands.messages")
"""Of which topics messages are said again."""
WORLD: Final = "world"
"""Stands for the outside: its disk is not ours, and it is in no group that would miss it."""
LONG: Final = (SESSION_SECONDS + 1, SESSION_SECONDS + 4)
"""Seconds. Longer than Kafka waits for a member of any of our groups: it wakes up as a zombie."""


@dataclass(frozen=True, slots=True)
class Strike:
    """One fault."""

    number: int
    pause: float
    """Seconds after the strike before it."""
    kind: Kind
    whom: str = ""
    seconds: float = 0.0
    count: int = 0
    owed: bool = False
    """Of the first round: where there was nothing to strike it is tried again, until it falls."""


def strikes(seed: int, workers: Sequence[str], *, pause: float = PAUSE) -> Iterator[Strike]:
    """Without end: first every worker is killed and everything else comes once, in an order of the seed's choosing."""
    draw = random.Random(f"strikes/{seed}")
    once: list[tuple[Kind, str]] = [("kill", worker) for worker in workers]
    once += [(kind, "") for kind in KINDS if kind != "kill"]
    draw.shuffle(once)
    for number in numbers(1):
        if owed := number <= len(once):
            (kind, whom), after = once[number - 1], _seconds(draw, *SOON)
        else:
            kind, whom = draw.choices(tuple(SHARES), tuple(SHARES.values()))[0], ""
            after = round(pause * draw.uniform(*SPREAD), 2)
        yield _drawn(Strike(number, after, kind, whom, owed=owed), workers, draw)


def _drawn(strike: Strike, workers: Sequence[str], draw: random.Random) -> Strike:
    """The same strike, with all that its kind needs."""
    ours = [worker for worker in workers if worker != WORLD]
    match strike.kind:
        case "kill":
            return replace(strike, whom=strike.whom or draw.choice(workers))
        case "stop":
            whom = draw.choice(workers)
            zombie = whom != WORLD and draw.random() < 0.25  # noqa: PLR2004 - a quarter of them
            return replace(strike, whom=whom, seconds=_seconds(draw, *(LONG if zombie else (0.2, 2.0))))
        case "broker-kill" | "broker-stop" | "broker-full-disk":
            return replace(strike, seconds=_seconds(draw, 0.0, 4.0))
        case "cut":
            return replace(strike, whom=draw.choice([*ours, EVERYBODY]))
        case "lost-answer":
            return replace(strike, count=draw.randint(1, 5))
        case "hold":
            return replace(strike, whom=draw.choice(ours), seconds=_seconds(draw, 0.5, 4.0))
        case "duplicate":
            return replace(strike, whom=draw.choice(TOPICS), count=draw.randint(1, 50))
        case "full-disk":
            return replace(strike, whom=draw.choice(ours), seconds=_seconds(draw, 1.0, 6.0))
        case "clock-back":
            return replace(strike, seconds=_seconds(draw, 0.2, 2.0), count=draw.randint(1, 59))
        case _:
            assert_never(strike.kind)


def _seconds(draw: random.Random, least: float, most: float) -> float:
    return round(draw.uniform(least, most), 2)
