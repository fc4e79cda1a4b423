"""What the code imports is a direct requirement: with a line of its own, a version and a reason."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
LINE = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==(?P<version>\S+)")


def plain(name: str) -> str:
    """A name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def required(name: str) -> dict[str, str]:
    """Versions by name, of one of the files of requirements."""
    found = map(LINE.fullmatch, (ROOT / name).read_text(encoding="utf-8").splitlines())
    return {plain(match["name"]): match["version"] for match in found if match}


def ours() -> list[str]:
    """The packages that the import contracts speak of."""
    known: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
    return known


class Imports(ast.NodeVisitor):
    """The top-level names that a module imports when it runs, without those for types only."""

    def __init__(self, source: str) -> None:
        self.names: set[str] = set()
        self.visit(ast.parse(source))

    def visit_If(self, node: ast.If) -> None:
        if "TYPE_CHECKING" not in ast.unparse(node.test):
            self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        self.names |= {alias.name.partition(".")[0] for alias in node.names}

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if not node.level and node.module:
            self.names.add(node.module.partition(".")[0])


def foreign(packages: list[str]) -> Iterator[tuple[str, str]]:
    """What is imported of others, and where."""
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            names = Imports(path.read_text(encoding="utf-8")).names - sys.stdlib_module_names - set(ours())
            yield from ((name, str(path.relative_to(ROOT))) for name in names)


def without_line(imported: set[tuple[str, str]], lines: dict[str, str]) -> list[tuple[str, str]]:
    """Those of `imported` that no line requires."""
    distributions = packages_distributions()
    return sorted(
        (name, path)
        for name, path in imported
        if not any(plain(distribution) in lines for distribution in distributions.get(name, [name]))
    )


def test_every_foreign_import_is_a_direct_requirement():
    imported = set(foreign(ours()))

    assert without_line(imported, required("requirements.txt")) == []
    assert {"django", "allauth", "cryptography", "PIL"} <= {name for name, _path in imported}


def test_the_check_would_find_one_without():
    lines = required("requirements.txt")
    source = "import fido2.webauthn\nfrom django.db import models\nif TYPE_CHECKING:\n    import httpx\n"
    names = {(name, "x.py") for name in Imports(source).names}

    assert without_line(names, lines) == [("fido2", "x.py")]
    del lines["cryptography"]
    assert {name for name, _path in without_line(set(foreign(ours())), lines)} == {"cryptography"}


def test_each_requirement_has_a_version_a_reason_and_its_place_in_the_lock():
    locked = required_in_lock()
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = [line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if line]
        pairs = list(zip(["", *lines], lines, strict=False))
        assert [line for _before, line in pairs if line[0] != "#" and not LINE.fullmatch(line)] == []
        assert [line for before, line in pairs if line[0] != "#" and not before.startswith("# ")] == []
        assert required(name).items() <= locked.items()


def required_in_lock() -> dict[str, str]:
    """Versions by name; a line of the lock goes on with hashes, and may be for some platforms only."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return {plain(name): version for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.M)}
