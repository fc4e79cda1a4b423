"""Stylesheets, scripts and templates keep the rules: light, logical, nothing inline, nothing from elsewhere."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from portal.ui.storage import StaticFiles

BASE = Path(settings.BASE_DIR)
STYLES = sorted((BASE / "static" / "css").glob("*.css"))
SCRIPTS = sorted((BASE / "static" / "js").rglob("*.js"))
TEMPLATES = sorted((BASE / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "email" not in path.parts]
PHYSICAL = re.compile(
    r"(?<![\w-])(margin|padding|border)-(left|right|top|bottom)|(?<![\w-])(left|right|top|bottom)\s*:"
    r"|(?<![\w-])(min-|max-)?(width|height)\s*:(?![^{]*\))|text-align:\s*(left|right)|float:\s*(left|right)"
)


def compressed(paths: list[Path]) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def everywhere(kind: str) -> list[Path]:
    """The styles, or the scripts with what they import, that every page loads; others are named by their own pages."""
    frame = "".join((BASE / "templates" / name).read_text("utf-8") for name in ("portal/ui/_head.html", "base.html"))
    named = set(re.findall(rf"static '{kind}/([\w-]+)\.{kind}'", frame))
    return [path for path in STYLES + SCRIPTS if path.suffix == f".{kind}" and {path.stem, path.parent.name} & named]


def test_the_styles_of_every_page_weigh_less_than_16_kilobytes() -> None:
    assert len(everywhere("css")) == 6
    assert compressed(everywhere("css")) < 16_000


def test_what_the_first_page_loads_weighs_less_than_40_kilobytes() -> None:
    assert compressed([*everywhere("css"), *everywhere("js"), BASE / "static" / "icons.svg"]) < 40_000


@pytest.mark.parametrize(("name", "most"), [("room", 4_000), ("group", 1_000)])
def test_what_single_pages_load_beside_is_light(name: str, most: int) -> None:
    assert compressed([path for path in STYLES if path.stem == name]) < most


def test_a_script_that_another_imports_is_the_one_that_pages_name(tmp_path: Path) -> None:
    """Under two names it would be loaded and run twice: two sockets for one page."""
    storage, source = StaticFiles(tmp_path), FileSystemStorage(BASE / "static")
    paths = {str(path.relative_to(BASE / "static")): path for path in SCRIPTS}
    for name, path in paths.items():
        storage.save(name, ContentFile(path.read_bytes()))

    done = storage.post_process({name: (source, name) for name in paths})
    names = {name: hashed for name, hashed, _processed in done if not hashed.endswith(".gz")}

    text = (tmp_path / names["js/live.js"]).read_text("utf-8")
    imported = {f"js/{name}" for name in re.findall(r'from "\./(.*)"', text)}
    assert imported == {names[f"js/live/{part}.js"] for part in ("asking", "line", "outbox", "parts", "topics")}
    assert all(re.search(r"\.[0-9a-f]{12}\.js$", name) for name in imported)


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_are_logical_so_that_arabic_turns_the_page_round(path: Path) -> None:
    source = re.sub(r"/\*.*?\*/|@(media|container|supports)[^{]*", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert [match.group() for match in PHYSICAL.finditer(source)] == []


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_colours_are_tokens(path: Path) -> None:
    source = path.read_text("utf-8")
    if path.name != "tokens.css":
        strange = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", source)) - {"#fff"}
        lights = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", " ".join(re.findall(r"light-dark\([^)]*\)", source))))
        assert strange - lights == set()


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_load_nothing(path: Path) -> None:
    assert re.findall(r"url\(|@import|@font-face", path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(BASE)))
def test_pages_have_nothing_inline_and_nothing_from_elsewhere(path: Path) -> None:
    source = path.read_text("utf-8")
    assert re.findall(r"\sstyle=|<style|<[^>]*\son(?!e=)[a-z]+=\"|hx-on|hx-vals=['\"]js:|javascript:", source) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")", source) == []
    assert re.findall(r"<(?:link|script|img|iframe)[^>]+(?:src|href)=[\"']?(?:https?:)?//", source) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_small_and_evaluate_nothing(path: Path) -> None:
    source = path.read_text("utf-8")
    assert len(source.splitlines()) <= 120
    assert re.findall(r"\beval\(|new Function|document\.write|localStorage", source) == []
