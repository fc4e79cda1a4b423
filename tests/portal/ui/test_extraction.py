"""Nothing is left out of the catalogues because it is marked by a name that the extraction does not know."""

import ast
from pathlib import Path

from django.conf import settings

from portal.ui.catalogues import KEYWORDS

PACKAGES = ("portal", "memberships", "workspaces")


def names_of_gettext(source: str) -> set[str]:
    """What a module calls the functions of `django.utils.translation` that mark a text."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {alias.asname or alias.name for alias in node.names if "gettext" in alias.name}
    return names


def test_every_name_of_gettext_is_a_keyword():
    modules = [path for package in PACKAGES for path in (Path(settings.BASE_DIR) / package).rglob("*.py")]
    used = {name for path in modules for name in names_of_gettext(path.read_text(encoding="utf-8"))}

    assert used - KEYWORDS.keys() == set()


def test_another_name_is_found():
    assert names_of_gettext("from django.utils.translation import gettext as _then\n") == {"_then"}
