"""Every refusal and fault message of the product, read off its code: where it is raised, and all that it may say.

    .venv/bin/python -m tests.contract.refusals

prints them. What a message says is found by following the names in the raising expression: texts that are marked for
the catalogue, in the expression itself, in the variables it uses, and in the functions it calls.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import workers

ROOT: Final = Path(workers.__file__ or "").parent
MARKS: Final = frozenset({"_", "marked", "n_", "doc_"})
LANGUAGE: Final = "workers.runtime.language"


@dataclass(frozen=True)
class Refusal:
    """One place where something is refused."""

    module: str
    line: int
    error: str
    parts: tuple[str, ...]
    """What it may say, in English, with the names of what is filled in."""

    @property
    def text(self) -> str:
        return "\n".join(self.parts)

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.error}\n" + "".join(f"    {part}\n" for part in self.parts)


@cache
def trees() -> Mapping[str, ast.Module]:
    """Every module of the product by its name."""
    files = ROOT.rglob("*.py")
    return {_name(file): ast.parse(file.read_text(encoding="utf-8")) for file in files}


def _name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT.parent).with_suffix("").parts)


def refusals() -> list[Refusal]:
    """Every place where an `UnableTo…Error` is raised, in the order of the modules."""
    found = {place: refusal for module in sorted(trees()) for place, refusal in _raised(module)}
    return list(found.values())


def _raised(module: str) -> Iterator[tuple[tuple[str, int], Refusal]]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    for function in (node for node in ast.walk(trees()[module]) if isinstance(node, functions)):
        variables = _variables(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Raise) and (error := _error(node)) is not None:
                given = [*error.args, *(keyword.value for keyword in error.keywords), error.func]
                reader = _Reader(module, variables)
                parts = dict.fromkeys(part for one in given for part in reader.texts(one))
                yield (module, node.lineno), Refusal(module, node.lineno, ast.unparse(error.func), tuple(parts))


def _error(node: ast.Raise) -> ast.Call | None:
    """The error with what it says; none where it hands on what another said (`str(unable)`)."""
    match node.exc:
        case ast.Call(args=[ast.Call(func=ast.Name(id="str"))]):
            return None
        case ast.Call(func=ast.Name(id=name)) as error if name.startswith("UnableTo"):
            return error
    return None


@dataclass(frozen=True)
class _Reader:
    """Reads expressions of one function of one module."""

    module: str
    variables: Mapping[str, list[ast.expr]]
    followed: set[str] = field(default_factory=set)
    """The names that were followed: each says what it says once, or names that use each other take for ever."""

    def texts(self, node: ast.AST) -> Iterator[str]:
        for part in _in_order(node):
            if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id in MARKS:
                yield from (arg.value for arg in part.args if isinstance(arg, ast.Constant))  # type: ignore[misc]
            elif isinstance(part, ast.Name):
                yield from self._named(part.id)

    def _named(self, name: str) -> Iterator[str]:
        if name in MARKS or name in self.followed:
            return
        self.followed.add(name)
        if name in self.variables:
            for value in self.variables[name]:
                yield from self.texts(value)
        else:
            yield from _top(self.module, name)


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    """As it is read."""
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _in_order(child)


_told: dict[tuple[str, str], tuple[str, ...]] = {}


def _top(module: str, name: str) -> tuple[str, ...]:
    """The texts of what stands under this name at the top of a module; none for one that is being followed."""
    if (module, name) not in _told:
        _told[module, name] = ()
        _told[module, name] = _found(module, name)
    return _told[module, name]


def _found(module: str, name: str) -> tuple[str, ...]:
    match found := _tops(module).get(name):
        case ast.ImportFrom(module=str(source)) if source in trees() and source != LANGUAGE:
            return _top(source, name)
        case ast.FunctionDef() | ast.ClassDef():
            reader = _Reader(module, _variables(found), {name})
            return tuple(text for statement in found.body for text in reader.texts(statement))
        case ast.Assign(value=ast.Constant(value=str(text))):
            return (text,)
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            return tuple(_Reader(module, {}, {name}).texts(value))
    return ()


@cache
def _tops(module: str) -> Mapping[str, ast.stmt]:
    found: dict[str, ast.stmt] = {}
    for statement in trees()[module].body:
        match statement:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = statement
            case ast.Assign(targets=[ast.Name(id=name)]):
                found[name] = statement
            case ast.ImportFrom(names=names):
                found |= {alias.name: statement for alias in names}
    return found


def _variables(scope: ast.AST) -> Mapping[str, list[ast.expr]]:
    """What is assigned to each name in a function, by `=`, `:=` or `for`."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(scope):
        match node:
            case ast.Assign(targets=targets, value=value):
                names = [name for target in targets for name in ast.walk(target)]
            case ast.NamedExpr(target=target, value=value):
                names = [target]
            case ast.For(target=target, iter=value):
                names = list(ast.walk(target))
            case _:
                continue
        for name in (name for name in names if isinstance(name, ast.Name)):
            found.setdefault(name.id, []).append(value)
    return found


if __name__ == "__main__":
    for refusal in refusals():
        sys.stdout.write(f"{refusal}\n")
