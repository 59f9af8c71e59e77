"""What may go otherwise in a step: the list that the bound k counts from (docs/proof.md)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final, assert_never

from events.cutover import Withdraw
from events.messages import SendMessage
from workers.runtime.type_names import name_of
from workers.verify.befalling import possible
from workers.verify.choices import WITHOUT_EFFECT
from workers.verify.model import Model
from workers.verify.situation import Mail, Origin, Situation
from workers.verify.stepping import Deviation, Stepped, Turn

SOON: Final = timedelta(minutes=3)
"""Longer than an irreversible command holds."""
HOURS: Final = timedelta(hours=3)
"""Longer than a proof is fresh."""
DAYS: Final = timedelta(hours=27)
"""Into another day."""
LATE: Final = {
    Origin.REPORT: (HOURS, DAYS),
    Origin.ANSWER: (SOON, HOURS),
    Origin.TELL: (HOURS,),
    Origin.CLOCK: (SOON, HOURS),
    Origin.PERSON: (HOURS, DAYS),
    Origin.OPERATOR: (HOURS,),
    Origin.COMMAND: (SOON, HOURS),
}
"""How late what these say may come. What our own processes say comes once however often it is said: its id is known."""


COUNTS_TWICE: Final = frozenset({"away for long"})
"""What befalls a line and makes its history thrice as long: it counts as two deviations (docs/proof.md)."""


def counts(deviation: Deviation) -> int:
    """As how many of the k deviations of a history this one counts."""
    return 2 if deviation.what in COUNTS_TWICE else 1


def deviations(model: Model, before: Situation, usual: Stepped | None) -> Iterator[Deviation]:
    """All that may go otherwise in the step from `before`, which usually goes like this; None where all is over."""
    for number, drawn in enumerate(usual.drawn if usual is not None else ()):
        if drawn.what not in WITHOUT_EFFECT:
            for way in range(1, drawn.ways):
                yield Deviation(Turn.DRAW, number, way, what=drawn.what)
    if usual is not None and usual.mail is not None:
        yield from _on_its_way(usual.mail)
    else:
        for what, place in possible(model, before):
            yield Deviation(Turn.BEFALLS, place, what=what)


def kind_of(deviation: Deviation, mail: Mail | None) -> str:
    """What kind of deviation this is, of a step that takes up this message, in a word or two.

    `held` befalls a line, `drawn unanswered` is a draw of the world, `late porting.accepted` is about a message.
    """
    match deviation.turn:
        case Turn.BEFALLS:
            return deviation.what
        case Turn.DRAW:
            return f"drawn {deviation.what}"
        case Turn.LOST | Turn.LATE | Turn.TWICE | Turn.UNHEARD | Turn.UNANSWERED | Turn.DIED:
            return f"{deviation.turn.name.lower()} {name_of(mail.said) if mail else ''}".rstrip()
        case _:
            assert_never(deviation.turn)


def _on_its_way(mail: Mail) -> Iterator[Deviation]:
    for span in LATE[mail.origin]:
        yield Deviation(Turn.LATE, span=span)
    if mail.origin in {Origin.REPORT, Origin.PERSON}:
        yield Deviation(Turn.LOST)
        yield Deviation(Turn.TWICE, span=DAYS)
    elif mail.origin is Origin.COMMAND and not isinstance(mail.said, Withdraw):
        yield Deviation(Turn.UNHEARD)
        yield Deviation(Turn.UNANSWERED)
        yield Deviation(Turn.DIED, span=SOON)
        if isinstance(mail.said, SendMessage):
            yield Deviation(Turn.LOST)
