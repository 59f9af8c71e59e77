"""A YAML file with its line numbers, and all that is wrong with it: each with its place and what is expected there."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from workers.runtime.language import _, n_
from workers.runtime.nearest import nearest
from workers.runtime.unable import UnableToError
from workers.scenario import moments

T = TypeVar("T")
W = TypeVar("W", bound=StrEnum)


class UnableToReadStoryError(UnableToError):
    """A story's file has mistakes. The text names each with file, line, and what is expected there."""

    kind = "wrong"

    def __init__(self, path: Path, complaints: Sequence[tuple[int, str]]) -> None:
        lines = [f"{path}:{line}: {text}" for line, text in sorted(complaints)]
        head = _("{file} was not played: {mistakes} in it.").format(
            file=path.name, mistakes=n_("{number} mistake", "{number} mistakes", len(lines))
        )
        super().__init__("\n".join([head, *lines, _("The format is told in docs/scenarios.md.")]))
        self.complaints = tuple(complaints)


@dataclass
class Page:
    """One file as it is being read. Mistakes are collected, so that all are told at once."""

    path: Path
    complaints: list[tuple[int, str]] = field(default_factory=list)

    def top(self) -> Mapping[str, Any]:
        """The file's outermost mapping. Raises `UnableToReadStoryError` when there is none."""
        try:
            read = YAML(typ="rt").load(self.path.read_text(encoding="utf-8"))
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise UnableToReadStoryError(self.path, [(mark.line + 1 if mark else 1, str(error.problem))]) from None
        except (OSError, UnicodeDecodeError) as error:
            told = _("the file cannot be read: {error}").format(error=error)
            raise UnableToReadStoryError(self.path, [(1, told)]) from None
        if not isinstance(read, Mapping):
            raise UnableToReadStoryError(self.path, [(1, _("expected a story: title, given, steps"))])
        return read

    def wrong(self, line: int, text: str) -> None:
        """Note a mistake."""
        self.complaints.append((line, text))

    def done(self) -> None:
        """Raise `UnableToReadStoryError` if anything was wrong."""
        if self.complaints:
            raise UnableToReadStoryError(self.path, self.complaints)

    def mapping(self, value: object, line: int, keys: Iterable[str], what: str) -> Mapping[str, Any]:
        """The value as a mapping with no other keys than these."""
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            expected = _("expected {what} as 'key: value' lines, with the keys {keys}")
            self.wrong(line, expected.format(what=what, keys=", ".join(keys)))
            return {}
        allowed = tuple(keys)
        for key in value:
            if key not in allowed:
                no_key = _("'{key}' is no key of {what}; {nearest}")
                self.wrong(line_at(value, key), no_key.format(key=key, what=what, nearest=nearest(key, allowed)))
        return {key: value[key] for key in value if key in allowed} if _clean(value, allowed) else value

    def items(self, value: object) -> list[tuple[Any, int | None]]:
        """The value as a list: of one thing, where it is not a list."""
        if value is None:
            return []
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [(item, line_at(value, index)) for index, item in enumerate(value)]
        return [(value, None)]

    def word(self, value: object, line: int, words: type[W], what: str) -> W | None:
        """One of a closed list of words. Spaces and underscores are the same, and so are capitals and small letters."""
        spoken = {_plain(word): word for word in words}
        if (found := spoken.get(_plain(value))) is not None:
            return found
        self.no_such(line, value, what, [str(word) for word in words])
        return None

    def no_such(self, line: int, value: object, what: str, words: Iterable[str]) -> None:
        """Note that this is no such thing, with the words that are, or the one that was perhaps meant."""
        text = _("'{value}' is no {what}; {nearest}")
        self.wrong(line, text.format(value=value, what=what, nearest=nearest(value, words)))

    def no_time(self, line: int, value: object) -> None:
        """Note that a story cannot say a time in this way."""
        text = _("'{value}' is no time; expected {what}")
        self.wrong(line, text.format(value=value, what=_(moments.EXPECTED)))

    def read(self, make: Callable[[], T], line: int, expected: str) -> T | None:
        """What `make` gives; when it refuses, that is a mistake in this line."""
        try:
            return make()
        except (ValueError, TypeError):
            self.wrong(line, _("expected {what}").format(what=expected))
            return None


def _clean(value: Mapping[str, Any], allowed: Sequence[str]) -> bool:
    return any(key not in allowed for key in value)


def _plain(value: object) -> str:
    return str(value).replace("_", " ").replace("-", " ").casefold()


def line_at(node: Any, key: object) -> int:  # noqa: ANN401 - whatever the YAML reader made
    """In which line of the file this key of a mapping, or this item of a list, stands; counted from one."""
    try:
        return int(node.lc.data[key][0]) + 1
    except (AttributeError, KeyError, TypeError, IndexError):
        return int(node.lc.line) + 1 if hasattr(node, "lc") else 1
