"""Play stories against the real decision code, in process, with a clock of their own.

A story is a YAML file: what is given, then what happens when, and what must follow (docs/scenarios.md). Nothing outside
is touched: no Kafka, no provider, no mail. A history that `verify` found is played again and judged (docs/proof.md).
The exit code is 0 when every step of every story is as it should be, 1 when one is not, 6 when a file has a mistake;
then its line is named.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workers.cli.exits import Exit
from workers.runtime.language import _, doc_, marked, speaking

if TYPE_CHECKING:
    from workers.verify.history import History

NO_FILE = marked("No story named. The stories that come with Naadloos:  naadloos scenario --shipped")


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `scenario` with its flags."""
    noun = subparsers.add_parser(
        "scenario",
        description=doc_(__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    noun.add_argument(
        "file",
        nargs="*",
        type=Path,
        metavar=_("STORY"),
        help=_("a story, such as S13.yaml; a shipped one by its name alone: S13"),
    )
    noun.add_argument("--shipped", action="store_true", help=_("play every story that comes with Naadloos"))
    noun.add_argument(
        "--all", action="store_true", dest="whole", help=_("show every decision, not only what was ordered")
    )
    noun.add_argument("--json", action="store_true", help=_("print the verdicts as JSON"))
    noun.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Play each story, print it, and give the worst of the exit codes."""
    from workers.scenario.page import UnableToReadStoryError
    from workers.scenario.shipped import shipped, story_path
    from workers.scenario.stage import UnableToSettleError
    from workers.verify.history import read_history

    paths = [story_path(path) for path in args.file] + (shipped() if args.shipped else [])
    if not paths:
        print(_(NO_FILE), file=sys.stderr)
        return Exit.USAGE
    codes: list[Exit] = []
    data: list[dict[str, Any]] = []
    for path in paths:
        try:
            history = read_history(path)
            if history is not None:
                data.append(_again(path, history, as_json=args.json))
                ok = bool(data[-1]["ok"])
            elif args.json:
                data.append(_as_data(path))
                ok = bool(data[-1]["ok"])
            else:
                ok = _tell(path, whole=args.whole)
            codes.append(Exit.DONE if ok else Exit.FAILED)
        except UnableToReadStoryError as unable:
            print(unable, file=sys.stderr)
            codes.append(Exit.BAD_INPUT)
        except UnableToSettleError as unable:
            print(f"{path.name}: {unable}", file=sys.stderr)
            codes.append(Exit.FAILED)
    if args.json:
        print(json.dumps(data, indent=2))
    return max(codes)


def _again(path: Path, history: History, *, as_json: bool) -> dict[str, Any]:
    """A history of the exhaustive check, played again: what it comes to, printed unless a program reads it."""
    from workers.verify.history import play_again

    played = play_again(history)
    broken = [f"{one.rule}, {one.line}: {one.what}" for one in played.broken]
    if not as_json:
        print(f"{path.name}: {history.history} ({history.system})")
        print("\n".join(f"    {line}" for line in played.story) + "\n" * bool(played.story), end="")
        print("  " + ("; ".join(broken) or _("no promise is broken")), end="\n\n")
    return {"file": path.name, "ok": not broken, "broken": broken}


def _tell(path: Path, *, whole: bool) -> bool:
    """One story, played and printed: whether all is as it should be."""
    from workers.scenario.playing import play
    from workers.scenario.reading import read_story
    from workers.scenario.telling import told

    story = read_story(path)
    parts = list(play(story))
    print("\n".join(told(story, parts, whole=whole)), end="\n\n")
    return all(part.ok for part in parts)


def _as_data(path: Path) -> dict[str, Any]:
    """One story, played for a program, which reads the same whatever the language of the person beside it."""
    from workers.scenario.playing import play
    from workers.scenario.reading import read_story
    from workers.scenario.telling import as_data

    story = read_story(path)
    with speaking("en"):
        return as_data(story, play(story))
