"""Reading the forms of a page as a browser does: their fields, and what these hold before anyone types."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit


@dataclass
class PageForm:
    """A form that is sent by POST: where it goes, the names of its fields, the values it would send untouched.

    `others`: where some of its buttons send it instead.
    """

    action: str
    names: set[str] = field(default_factory=set)
    values: dict[str, list[str]] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)

    def add(self, name: str, value: str | None) -> None:
        self.names.add(name)
        if value is not None:
            self.values.setdefault(name, []).append(value)


def form_on(page: str, address: str, action: str) -> PageForm | None:
    """The form of `page` (HTML, read at `address`) that sends to the path `action`; several such as one."""
    parser = _Parser(address)
    parser.feed(page)
    path = urlsplit(action).path
    found = [form for form in parser.forms if path in {urlsplit(form.action).path, *form.others}]
    if not found:
        return None
    first, *others = found
    return PageForm(first.action, first.names.union(*(form.names for form in others)), first.values)


class _Parser(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[PageForm] = []
        self.open: PageForm | None = None
        self.select = self.textarea = ""
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name = found.get("name") or ""
        if tag == "form":
            self.open = PageForm(found.get("action") or self.address)
            if (found.get("method") or "get").lower() == "post":
                self.forms.append(self.open)
        elif self.open is None:
            return
        elif tag == "input" and name:
            self.open.add(name, self._held(found))
        elif tag == "button":
            self.open.others.add(urlsplit(found.get("formaction") or self.open.action).path)
            if name:
                self.open.add(name, None)
        elif tag == "select" and name:
            self.select = name
            self.open.add(name, None)
        elif tag == "option" and self.select and "selected" in found:
            self.open.add(self.select, found.get("value") or "")
        elif tag == "textarea" and name:
            self.textarea, self.text = name, ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea" and self.textarea and self.open is not None:
            self.open.add(self.textarea, self.text.removeprefix("\n"))
            self.textarea = ""

    @staticmethod
    def _held(found: dict[str, str | None]) -> str | None:
        if found.get("type") in {"checkbox", "radio"}:
            return (found.get("value") or "on") if "checked" in found else None
        if found.get("type") in {"file", "submit"}:
            return None
        return found.get("value") or ""
