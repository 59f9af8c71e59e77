"""Start, stop and look at the workers of a programme on this machine.

`up` starts Kafka if there is none, and then the workers under a supervisor that starts again what ends, with longer and
longer pauses, and gives up what keeps ending. `down` stops the workers; what they know is in Kafka, so nothing is lost.
`ps` shows them; `ps --health` asks each of them how it is, says what is amiss and what to type, and fails where
something is.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic_core import to_json

from workers.cli import health
from workers.cli.elsewhere import how_to_end, who
from workers.cli.exits import Exit
from workers.cli.page import table
from workers.cli.session import check_whole
from workers.cli.usage import whole_number
from workers.crew.alone import Taker, Work, refuse_half_restored, taker_of
from workers.crew.duties import Duty, crew_of
from workers.crew.ports import check_ports
from workers.crew.roll import Crew, State, find
from workers.effects.settings import EffectSettings
from workers.runtime.cluster import check_remembers
from workers.runtime.drill import refuse_drill
from workers.runtime.kafka.server import ensure_kafka
from workers.runtime.language import _, doc_
from workers.runtime.settings import Settings, as_environment, read_settings, settings_of

PATIENCE: Final = 20.0


def add(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no name for it
    """Register `naadloos up`, `down` and `ps`."""
    for name, run in (("up", up), ("down", down), ("ps", ps)):
        parser = subparsers.add_parser(
            name,
            description=doc_(__doc__),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.set_defaults(run=run)
        if name == "ps":
            parser.add_argument("--health", action="store_true", help=_("ask each of them how it is"))
            parser.add_argument("--json", action="store_true", help=_("print it for other programs"))
        if name == "up":
            parser.add_argument(
                "--deciders",
                type=whole_number(),
                metavar=_("COUNT"),
                help=_("decider processes (default 1)"),
            )
            parser.add_argument(
                "--effects",
                type=whole_number(),
                metavar=_("COUNT"),
                help=_("effect worker processes (default 1)"),
            )


def up(args: argparse.Namespace) -> int:
    """Start the crew, unless it runs."""
    settings = _with_clock(read_settings())
    settings_of(EffectSettings)  # a worker that cannot read its own would end again and again, where nobody looks
    crew = _here(settings)
    if (taker := _another(settings, crew)) is not None:
        print(who(settings, taker) + "\n" + _("Nothing was started."), file=sys.stderr)
        return Exit.UNAVAILABLE
    if crew is not None:
        print(_("The workers of {programme} run already.").format(programme=settings.programme))
        if args.deciders or args.effects:
            again = _("They stay as many as they are. To change that:  naadloos down   Then give this command again.")
            print(again, file=sys.stderr)
        return show(settings, crew)
    many = {"deciders": args.deciders or 1, "effects": args.effects or 1}
    _check(settings, crew_of(settings, **many))
    if settings.world_url is None:
        print(
            _("No provider is configured, so orders will wait in Kafka: effect workers end at once.")
            + "\n"
            + _("As yet the one provider is the simulated world's:  naadloos demo"),
            file=sys.stderr,
        )
    _spawn(settings, many)
    started = _await(settings)
    if started is None:
        print(_("The workers did not start. Read why:  tail {log}").format(log=settings.folder / "logs" / "*.log"))
        return Exit.UNAVAILABLE
    return show(settings, started)


def _check(settings: Settings, duties: Iterable[Duty]) -> None:
    """Workers may start here, on a Kafka that answers. Raises `UnableToError`, which says what stands in the way."""
    refuse_half_restored(settings)
    check_ports(settings, duties)
    ensure_kafka(settings)
    refuse_drill(settings)
    check_remembers(settings)


def _spawn(settings: Settings, many: Mapping[str, int]) -> None:
    settings.folder.mkdir(parents=True, exist_ok=True)
    counts = [word for name, number in many.items() for word in (f"--{name}", str(number))]
    subprocess.Popen(
        [sys.executable, "-m", "workers.crew", *counts],
        env={**os.environ, **as_environment(settings)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _here(settings: Settings) -> Crew | None:
    """The crew that runs on these topics."""
    crew = find(settings)
    return crew if crew is not None and crew.alive() else None


def _another(settings: Settings, crew: Crew | None) -> Taker | None:
    """Who has taken the programme, where that is not this crew for itself: a rehearsal's crew is the rehearsal's."""
    taker = taker_of(settings)
    return None if taker is not None and crew is not None and taker.work is Work.WORKERS else taker


def _with_clock(settings: Settings) -> Settings:
    """A rehearsal that was left standing is taken up with its own clock and world."""
    clock = settings.programme_clock
    if clock is None:
        return settings
    world = settings.world_url or f"http://127.0.0.1:{settings.world_port}"
    return settings.model_copy(update={"clock_file": clock, "world_url": world})


def _await(settings: Settings) -> Crew | None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if (crew := _here(settings)) is not None:
            return crew
        time.sleep(0.2)
    return None


def down(_args: argparse.Namespace) -> int:
    """Stop the crew. What was under way is in Kafka, and goes on when the workers are back."""
    settings = read_settings()
    crew = _here(settings)
    if (taker := _another(settings, crew)) is not None:
        print(who(settings, taker) + "\n" + how_to_end(settings, taker), file=sys.stderr)
        return Exit.REFUSED
    if crew is None:
        print(_("No workers of {programme} run.").format(programme=settings.programme))
        return Exit.DONE
    return _stopped(settings, crew)


def _stopped(settings: Settings, crew: Crew) -> int:
    os.kill(crew.roll.pid, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while crew.alive() and time.monotonic() < deadline:
        time.sleep(0.1)
    if crew.alive():
        print(_("The supervisor (process {pid}) does not end.").format(pid=crew.roll.pid), file=sys.stderr)
        print(_("End it:  kill -9 {pid}").format(pid=crew.roll.pid), file=sys.stderr)
        return Exit.FAILED
    print(
        _("The workers of {programme} are stopped. Nothing is lost: all they know is in Kafka.").format(
            programme=settings.programme
        )
    )
    return Exit.DONE


def ps(args: argparse.Namespace) -> int:
    """Show the crew, and with --health how each of it is."""
    settings = read_settings()
    check_whole(settings, says=False)
    crew = _here(settings)
    if crew is None:
        return _nobody(settings, args)
    if crew.roll.rehearsal and not args.json:
        told = _("A rehearsal of {programme} is running, with workers of its own.")
        print(told.format(programme=settings.programme))
    if args.health:
        return health.show(settings, crew, as_json=args.json)
    if args.json:
        print(crew.roll.model_dump_json(indent=2))
        return Exit.FAILED if _given_up(crew) else Exit.DONE
    return show(settings, crew)


def _nobody(settings: Settings, args: argparse.Namespace) -> int:
    taker = taker_of(settings)
    told = _("No workers of {programme} run. Start them:  naadloos up").format(programme=settings.programme)
    told = told if taker is None else who(settings, taker)
    if args.json:
        none = {"well": False, "workers": [], "troubles": []} if args.health else {"pid": None, "workers": []}
        print(to_json(none, indent=2).decode())
    print(told, file=sys.stderr if args.json else sys.stdout)
    return Exit.UNAVAILABLE


def _given_up(crew: Crew) -> list[str]:
    return [worker.name for worker in crew.roll.workers if worker.state is State.GIVEN_UP]


def show(settings: Settings, crew: Crew) -> int:
    """The crew as a table; fails when somebody was given up."""
    table(
        (_("worker"), _("state"), _("process") + ">", _("restarts") + ">", _("last exit") + ">"),
        [
            (each.name, _(each.state), each.pid or "", each.restarts, "" if each.last_exit is None else each.last_exit)
            for each in crew.roll.workers
        ],
    )
    if given_up := _given_up(crew):
        log = settings.folder / "logs" / f"{given_up[0]}.log"
        print(_("{name} was given up. Read why:  tail {log}").format(name=given_up[0], log=log), file=sys.stderr)
        return Exit.FAILED
    return Exit.DONE
