"""What the code reads beside itself is in the wheel, or an installed Naadloos would miss it at the first command."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from workers.effects import letters
from workers.imports.sample import MUNICIPALITY
from workers.runtime import language
from workers.runtime.kafka.places import PINNED
from workers.scenario.shipped import STORIES

ROOT = Path(__file__).parents[2]
SHIPPED = ("events", "orchestrator", "workers")
DATA = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]
READ = {
    "workers/effects/letters.py": letters.TEXTS,
    "workers/imports/sample.py": MUNICIPALITY,
    "workers/runtime/kafka/places.py": PINNED,
    "workers/runtime/language.py": language.TEXTS,
    "workers/scenario/shipped.py": STORIES,
}
"""Every folder that a module reads, by the module that finds it from its own place."""
OF_A_CLONE = "workers/contracts/files.py"
"""Finds `schemas/`, which only a clone has; without it `naadloos schemas` says so."""


def _taken() -> Iterator[Path]:
    """The files that setuptools takes along: a package's data, by the patterns under its name."""
    for package, patterns in DATA.items():
        for pattern in patterns:
            yield from (ROOT / package.replace(".", "/")).glob(pattern)


def _beside_code() -> Iterator[Path]:
    for name in SHIPPED:
        files = (path for path in (ROOT / name).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        yield from (path for path in files if path.suffix != ".py")


def test_every_file_beside_the_code_is_taken_along() -> None:
    assert set(_beside_code()) - set(_taken()) == set()


@pytest.mark.parametrize("package", DATA)
def test_data_belongs_to_a_package_and_every_pattern_finds_something(package: str) -> None:
    folder = ROOT / package.replace(".", "/")

    assert (folder / "__init__.py").exists()
    assert [pattern for pattern in DATA[package] if not any(folder.glob(pattern))] == []


@pytest.mark.parametrize("folder", READ.values(), ids=READ)
def test_what_a_module_reads_is_taken_along(folder: Path) -> None:
    files = {path for path in folder.iterdir() if path.is_file()}

    assert files
    assert files - set(_taken()) == set()


def test_no_other_module_looks_for_files_from_its_own_place() -> None:
    modules = [path for name in SHIPPED for path in (ROOT / name).rglob("*.py")]
    looking = {path.relative_to(ROOT).as_posix() for path in modules if _names_its_place(path)}

    assert looking == {*READ, OF_A_CLONE}


def _names_its_place(module: Path) -> bool:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.Name) and node.id == "__file__" for node in ast.walk(tree))
