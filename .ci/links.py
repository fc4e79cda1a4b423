"""Every link in the documentation that points into this repository leads to a file and a heading."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

PROJECT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)|^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
CODE = re.compile(r"^(```|~~~).*?^\1|`[^`\n]*`", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)


def main() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=PROJECT, capture_output=True, text=True,
    )  # fmt: skip
    if listed.returncode == 0:
        pages = [PROJECT / name for name in listed.stdout.splitlines()]
    else:  # an unpacked archive instead of a clone
        pages = [page for page in PROJECT.rglob("*.md") if not {".venv", ".plenary"} & set(page.parts)]
    pages = sorted(page for page in pages if page.exists())
    dead = [f"{page.relative_to(PROJECT)}: {target}" for page in pages for target in dead_links(page)]
    if dead:
        sys.exit("Links that lead nowhere:\n  " + "\n  ".join(dead))
    print(f"Links in {len(pages)} pages of documentation: all lead somewhere.")


def dead_links(page: Path) -> list[str]:
    text = CODE.sub("", page.read_text(encoding="utf-8"))
    dead = []
    for inline, reference in LINK.findall(text):
        target = unquote(inline or reference)
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        name, _, fragment = target.partition("#")
        file = (page.parent / name if not name.startswith("/") else PROJECT / name[1:]) if name else page
        if not file.exists() or (fragment and file.suffix == ".md" and fragment not in anchors(file)):
            dead.append(target)
    return dead


def anchors(page: Path) -> set[str]:
    """The names that the usual renderers give to headings."""
    found: set[str] = set()
    for heading in HEADING.findall(page.read_text(encoding="utf-8")):
        plain = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower())
        name, number = plain.replace(" ", "-"), 0
        while name in found:
            number += 1
            name = f"{plain.replace(' ', '-')}-{number}"
        found.add(name)
    return found


if __name__ == "__main__":
    main()
