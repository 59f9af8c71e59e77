"""Naadloos moves every employee to a new mobile provider, with nobody unreachable for one moment."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from workers.cli.exits import Exit
from workers.cli.usage import Parser, TellVersion, speak
from workers.runtime.language import LANGUAGES, _, doc_, from_environment, marked, taken_out, use
from workers.runtime.unable import Kind, UnableToError


@dataclass(frozen=True)
class Noun:
    """One word after `naadloos`: the module that answers to it, and its line in the list of commands."""

    name: str
    module: str
    summary: str


NOUNS: Final[tuple[Noun, ...]] = (
    Noun("demo", "workers.cli.demo", marked("move a whole municipality in a simulated world")),
    Noun("scenario", "workers.cli.scenario", marked("play stories against the real decision code")),
    Noun("verify", "workers.cli.verify", marked("check every order of events: is anybody cut off by our doing?")),
    Noun("schemas", "workers.cli.schemas", marked("compare, write and publish the contract in schemas/")),
    Noun("import", "workers.cli.import_", marked("read a folder of people, lines, rosters and kits")),
    Noun("plan", "workers.cli.plan", marked("plan waves and slots for every line that has none")),
    Noun("wave", "workers.cli.wave", marked("start, pause or stop a wave, or give it more slots")),
    Noun("status", "workers.cli.status", marked("the wave board, unreachable now, the waiting list, and open tasks")),
    Noun(
        "explain",
        "workers.cli.explain",
        marked("what is known of a person or line, and what it waits for"),
    ),
    Noun("watch", "workers.cli.watch", marked("the live stream of decisions, with filters")),
    Noun("confirm", "workers.cli.confirm", marked("confirm that a SIM and phone are in a person's hands")),
    Noun("hold", "workers.cli.hold", marked("stop what is irreversible for a person or line")),
    Noun("release", "workers.cli.hold", marked("lift a hold")),
    Noun("waive", "workers.cli.hold", marked("let a line move without one condition of its gate")),
    Noun("correct", "workers.cli.correct", marked("set a wrong fact right by saying the right one")),
    Noun("up", "workers.cli.crew", marked("start the workers of the programme")),
    Noun("down", "workers.cli.crew", marked("stop the workers of the programme")),
    Noun("ps", "workers.cli.crew", marked("show the workers of the programme")),
    Noun("backup", "workers.cli.backup", marked("keep the whole programme in one file")),
    Noun("restore", "workers.cli.restore", marked("put a programme back from a backup's file")),
    Noun("audit", "workers.cli.audit", marked("who did what, when, from where, and whether the journal is untouched")),
    Noun("chaos", "workers.cli.chaos", marked("kill, stop and cut what moves the lines, and judge what is left")),
    Noun(
        "dead-letters", "workers.cli.dead_letters", marked("what could not be read or carried out, and whom it touches")
    ),
    Noun("reports", "workers.cli.reports", marked("reports that match nobody, and settling them by hand")),
    Noun("replay", "workers.cli.replay", marked("what today's code would do; redrive, rebuild, offsets")),
    Noun("bench", "workers.cli.bench", marked("measure what this machine makes of it, on the real Kafka")),
    Noun("kafka", "workers.cli.kafka", marked("start, stop and look at the Kafka of this machine")),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Do one command; the result is its exit code (`workers.cli.exits`)."""
    asked, words = taken_out(sys.argv[1:] if argv is None else argv)
    use(from_environment(asked))
    speak()
    try:
        args = parser(words).parse_args(words)
        return int(args.run(args))
    except UnableToError as unable:
        print(unable, file=sys.stderr)
        return EXITS[unable.kind]
    except (KeyboardInterrupt, SystemError) as error:
        return _interrupted(error)
    except BrokenPipeError:
        from workers.cli.page import nobody_reads

        nobody_reads()
        return Exit.DONE


def _interrupted(error: BaseException) -> int:
    """Tell what Ctrl-C leaves. Raises the error again where it is none."""
    from workers.cli.interrupts import is_interrupt, told

    if not is_interrupt(error):
        raise error
    print(told(error), file=sys.stderr)
    return Exit.INTERRUPTED


EXITS: Final[Mapping[Kind, Exit]] = {
    "wrong": Exit.BAD_INPUT,
    "forbidden": Exit.REFUSED,
    "missing": Exit.UNAVAILABLE,
}


def parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """The parser for these words: only the module that they name is imported, so that `--help` answers at once."""
    whole = Parser(prog="naadloos", description=doc_(__doc__))
    whole.add_argument("--lang", choices=LANGUAGES, help=_("else NAADLOOS_LANG, else LANG; may stand anywhere"))
    whole.add_argument("--version", action=TellVersion, nargs=0, help=_("say which version this is, and end"))
    commands = whole.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)
    chosen = {noun.module for noun in NOUNS if noun.name in words[:1]}
    for module in sorted(chosen):
        importlib.import_module(module).add(commands)
    for noun in NOUNS:
        if noun.module not in chosen:
            commands.add_parser(noun.name, help=_(noun.summary))
    return whole
