"""Compare the published contract in `schemas/` with the code, write it, publish it.

Without a flag it shows what differs and changes nothing; the exit code is 1 when something does. The folder holds a
JSON Schema and an example per message type, the envelope, and the AsyncAPI document, all made from the code.

A published schema is one that others rely on: it changes in no other way than by optional fields with a default.
Anything else is a new version of the type, with a step from the old one in events/upcast.py.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from workers.cli.exits import Exit
from workers.contracts import files
from workers.runtime.language import _, doc_, marked
from workers.runtime.unable import UnableToError

SAME = marked("{count} files in {folder} are what the code says; {published} of {types} types are published.")
DIFFER = marked("{count} files in {folder} are not what the code says. Nothing was changed.")
WRITE = marked("Write them:  naadloos schemas --write")
HOW_TO_VERSION = marked(
    "A new version is a class with the next number, and a step from the old one in events/upcast.py."
)
NO_CLONE = marked(
    "No contract at {folder}: this is not a clone of the repository, so there is nothing to compare or write."
)
WRITTEN = marked("{count} files written in {folder}.")
DELETED = marked("{count} left over deleted.")
PUBLISHED = marked("{count} types published; from now on they change by optional fields only.")
NEW_VERSION = marked("{name}  published, and would change in place: publish a new version")


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `schemas` with its flags."""
    noun = subparsers.add_parser(
        "schemas",
        description=doc_(__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    noun.add_argument("--write", action="store_true", help=_("write the files as the code says"))
    noun.add_argument("--publish", action="store_true", help=_("record every schema as published (after --write)"))
    noun.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Show what differs, or write, or publish; writing goes before publishing where both are asked."""
    folder = files.HERE
    if not folder.is_dir():
        print(_(NO_CLONE).format(folder=folder), file=sys.stderr)
        return Exit.UNAVAILABLE
    try:
        contract = files.today()
        if not (args.write or args.publish):
            return _show(folder, contract)
        if args.write:
            _write(folder, contract)
        if args.publish:
            print(_(PUBLISHED).format(count=len(files.publish(folder, contract))))
    except UnableToError as unable:
        print(unable, file=sys.stderr)
        return Exit.REFUSED
    return Exit.DONE


def _show(folder: Path, contract: files.Contract) -> int:
    differing, broken = files.differences(folder, contract), files.broken(folder, contract)
    for path, how in differing.items():
        print(f"{path}  {_(how)}")
    for name in broken:
        print(_(NEW_VERSION).format(name=name))
    if differing or broken:
        print(_(DIFFER).format(count=len(differing), folder=folder))
        print(_(HOW_TO_VERSION if broken else WRITE))
        return Exit.FAILED
    counts = {"published": len(files.published(folder)), "types": len(contract.schemas)}
    print(_(SAME).format(count=len(contract.files()), folder=folder, **counts))
    return Exit.DONE


def _write(folder: Path, contract: files.Contract) -> None:
    changed = files.write(folder, contract)
    deleted = sum(how is files.How.LEFT_OVER for how in changed.values())
    print(_(WRITTEN).format(count=len(changed) - deleted, folder=folder))
    if deleted:
        print(_(DELETED).format(count=deleted))
