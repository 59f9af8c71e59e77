"""Naadloos moves every employee to a new mobile provider, with nobody unreachable for one moment."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from workers.cli.exits import Exit
from workers.runtime.settings import UnableToReadSettingsError
from workers.runtime.unable import UnableToError


@dataclass(frozen=True)
class Noun:
    """One word after `naadloos`: the module that answers to it, and its line in the list of commands."""

    name: str
    module: str
    summary: str


NOUNS: Final[tuple[Noun, ...]] = (
    Noun("scenario", "workers.cli.scenario", "play stories against the real decision code"),
    Noun("kafka", "workers.cli.kafka", "start, stop and look at the Kafka of this machine"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Do one command; the result is its exit code (`workers.cli.exits`)."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        args = parser(words).parse_args(words)
        return int(args.run(args))
    except UnableToReadSettingsError as unable:
        print(unable, file=sys.stderr)
        return Exit.BAD_INPUT
    except UnableToError as unable:
        print(unable, file=sys.stderr)
        return Exit.UNAVAILABLE
    except KeyboardInterrupt:
        return Exit.INTERRUPTED


def parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """The parser for these words: only the module that they name is imported, so that `--help` answers at once."""
    whole = argparse.ArgumentParser(prog="naadloos", description=__doc__)
    commands = whole.add_subparsers(title="commands", metavar="COMMAND", required=True)
    chosen = {noun.module for noun in NOUNS if noun.name in words[:1]}
    for module in sorted(chosen):
        importlib.import_module(module).add(commands)
    for noun in NOUNS:
        if noun.module not in chosen:
            commands.add_parser(noun.name, help=noun.summary)
    return whole
