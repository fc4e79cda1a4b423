"""Imports inside functions hide edges from readers; each needs one of the reasons listed here."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# file → reason. Add a line only where the import would otherwise be a cycle that cannot be moved down.
ALLOWED: dict[str, str] = {
    "manage.py": "Django's settings must be named before Django is imported",
    "portal/notifications/tasks.py": "some jobs call the services, which queue the others",
    "portal/privacy/tasks.py": "two jobs call the services, which queue the third",
}


def inner_imports(source: str) -> list[int]:
    """Line numbers of imports of our own packages inside functions."""
    lines = []
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if any(name.split(".")[0] in {"portal", "memberships", "workspaces"} for name in names):
                    lines.append(node.lineno)
    return lines


def test_no_import_of_ours_hides_in_a_function():
    found = {
        str(path.relative_to(ROOT)): lines
        for package in ("portal", "memberships", "workspaces")
        for path in (ROOT / package).rglob("*.py")
        if (lines := inner_imports(path.read_text())) and str(path.relative_to(ROOT)) not in ALLOWED
    }

    assert found == {}


def test_the_search_finds_one():
    assert inner_imports("def f():\n    from portal.accounts import models\n") == [2]
