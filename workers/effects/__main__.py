"""Run effect workers:  python -m workers.effects --kinds porting,dispatch,cutover,messages."""

from __future__ import annotations

import argparse
import sys
from typing import NoReturn
from zoneinfo import ZoneInfo

from workers.effects.breaker import Breakers
from workers.effects.letters import LetterWriter
from workers.effects.parties import Parties
from workers.effects.people import PeopleFollowed
from workers.effects.running import NAME, Leave, run
from workers.effects.settings import EffectSettings
from workers.providers.ports import Post
from workers.providers.post import EveryPost, OutboxPost, SmtpPost
from workers.runtime.away import ending_when_away
from workers.runtime.clock import Clock, clock_of
from workers.runtime.drill import refuse_drill
from workers.runtime.ends import End
from workers.runtime.log import configure
from workers.runtime.parent import end_with_supervisor
from workers.runtime.settings import settings_of
from workers.runtime.topics import COMMAND_TOPICS
from workers.runtime.unable import UnableToError


class UnableToReachProvidersError(UnableToError):
    """No provider is configured, so there is nobody to carry a command out."""


def main() -> NoReturn:
    """Run the kinds asked for until a signal comes; a mistake in options or settings ends with `End.UNABLE`."""
    asked = _asked()
    try:
        _run(asked.kinds, settings_of(EffectSettings), name=asked.name)
    except UnableToError as unable:
        _stop(str(unable))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m workers.effects", description=__doc__)
    parser.add_argument("--kinds", required=True, help=f"with commas between: {','.join(COMMAND_TOPICS)}")
    parser.add_argument(
        "--name", default=NAME, help="in logs and metrics, among others of its kind (default: %(default)s)"
    )
    asked = parser.parse_args()
    asked.kinds = asked.kinds.split(",")
    if unknown := [kind for kind in asked.kinds if kind not in COMMAND_TOPICS]:
        parser.error(f"no such kind: {', '.join(unknown)}. There are: {', '.join(COMMAND_TOPICS)}")
    return asked


def _run(kinds: list[str], settings: EffectSettings, *, name: str) -> NoReturn:
    clock = clock_of(settings.programme_clock)
    people = PeopleFollowed(settings)
    parties, leave = _parties(settings, clock, people)
    end_with_supervisor()
    configure(worker=name, file=settings.log_file, level=settings.log_level)
    with ending_when_away():
        refuse_drill(settings)
    run(kinds, settings, name=name, parties=parties, people=people, leave=leave)


def _parties(settings: EffectSettings, clock: Clock, people: PeopleFollowed) -> tuple[Parties, Leave]:
    if settings.world_url is None:
        raise UnableToReachProvidersError(_NO_PROVIDER.format(port=settings.world_port))
    from workers.providers.simulated import SimulatedWorld  # noqa: PLC0415 - a real programme never loads it

    world = SimulatedWorld(settings.world_url, answer_seconds=settings.world_answer_seconds)
    parties = Parties(
        numbers=world,
        sims=world,
        carrier=world,
        lines=world,
        tester=world,
        # The invented people read their letters in the world; the copy is there for whoever looks on.
        post=EveryPost([post_of(settings, clock), world]),
        writer=_writer(settings, people),
        clock=clock,
        breakers=Breakers(clock, settings.patience),
    )
    return parties, world.close


def _writer(settings: EffectSettings, people: PeopleFollowed) -> LetterWriter:
    return LetterWriter(
        look_up=people.person,
        address_of=settings.address_of,
        role_language="en" if settings.lang == "en" else "nl",
        zone=ZoneInfo(settings.zone),
        contact=settings.mail_contact,
    )


def post_of(settings: EffectSettings, clock: Clock) -> Post:
    """The post as set: the outbox on disk, or a mail server."""
    if settings.post == "outbox":
        return OutboxPost(outbox=settings.folder / "outbox", sender=settings.mail_from, clock=clock)
    return SmtpPost(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=settings.smtp_password,
        sender=settings.mail_from,
        begun=settings.folder / "mail",
        clock=clock,
    )


def _stop(text: str) -> NoReturn:
    sys.stderr.write(f"{text}\n")
    raise SystemExit(End.UNABLE)


_NO_PROVIDER = (
    "Effect workers not started: no provider is configured, so nobody would carry out what they are told.\n"
    "No command was taken. Try it against the simulated world:  export NAADLOOS_WORLD_URL=http://127.0.0.1:{port}"
)

if __name__ == "__main__":
    main()
