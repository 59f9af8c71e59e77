"""The documents as tests read them: their texts, tables, links, and the commands that they show."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`((?:\.venv/bin/)?naadloos [^`\n]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Shown:
    """A command line that a document shows."""

    place: str
    words: tuple[str, ...]
    inline: bool
    """Whether it stands in a sentence, and not in a block of its own."""


def documents() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*.md")])


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def table(path: Path, heading: str) -> list[list[str]]:
    """The rows of the first table under this heading, without its head, each as its cells."""
    after = path.read_text(encoding="utf-8").split(f"\n{heading}\n", 1)[1]
    rows = []
    for line in after.splitlines():
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif rows:
            break
    return rows[2:]


def links(path: Path) -> Iterator[str]:
    """The targets of the document's links that stay in the repository."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    return (target for target in LINK.findall(text) if "://" not in target and not target.startswith("mailto:"))


def anchors(path: Path) -> set[str]:
    """The names under which a code host lets a link lead to this document's headings."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands(path: Path) -> Iterator[Shown]:
    """Every command line of ours that the document shows, in a block of shell or in a span of code."""
    text = path.read_text(encoding="utf-8")
    for language, block in FENCE.findall(text):
        if language in {"sh", "shell", "bash", "console"}:
            yield from (Shown(name_of(path), w, inline=False) for line in block.splitlines() if (w := _words(line)))
    for span in SPAN.findall(FENCE.sub("", text)):
        if words := _words(span):
            yield Shown(name_of(path), words, inline=True)


def _words(line: str) -> tuple[str, ...]:
    """What follows `naadloos` on this line; nothing, when the line is of another program."""
    words = shlex.split(line.removeprefix("$ "), comments=True)
    while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
        words.pop(0)
    is_ours = bool(words) and words[0] in {"naadloos", ".venv/bin/naadloos"}
    return tuple(words[1:]) if is_ours else ()
