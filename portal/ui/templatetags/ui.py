"""The interface's tags and filters. A builtin of the template engine: no load tag. See docs/interface.md."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, cast

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BaseForm
from django.template.context import Context
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.ui import formats, hemicycle, icons, marks, names, notices
from portal.ui.digits import localise_digits
from portal.ui.errors import ErrorSummary

register = template.Library()

NOTHING: tuple[Any, ...] = (None, "")  # what a template makes of a value that is not there
NOTE_KINDS = {"success": "ok", "warning": "due", "error": "danger", "info": "info", "debug": "info"}


@register.simple_tag
def icon(name: str, label: str = "", size: int = 20) -> SafeString:
    """{% icon "pin" %} · {% icon "pin" label=place size=16 %}"""
    return icons.icon(name, str(label), size)


@register.simple_tag(takes_context=True)
def tile(context: Context, organisation: Any, size: int = 44) -> SafeString:
    """{% tile organisation 32 %}; no logo is loaded in low bandwidth."""
    return marks.tile(organisation, size, with_logo=not context.get("low_bandwidth"))


@register.simple_tag
def face(person: Any, size: int = 36, presence: str = "", follow: bool = False) -> SafeString:
    """{% face person 28 presence="here" %}; with follow=True the live connection keeps the presence up to date."""
    return marks.face(person, size, presence, follow=follow)


@register.simple_tag
def language_mark(code: str) -> SafeString | str:
    """{% language_mark "fr" %}; nothing where the language is not known."""
    return marks.language_mark(code) if code else ""


@register.simple_tag
def bdi(text: object, lang: str = "") -> SafeString:
    """{% bdi organisation.native_name "ar" %}"""
    return marks.bdi(text, lang)


@register.simple_tag
def meter(value: float, whole: float, text: str = "", kind: str = "") -> SafeString:
    """{% meter 38 104 %} · {% meter 28 30 _("28 of 30 taken") kind="due" %}"""
    words = text or _("%(value)s of %(whole)s") % {"value": formats.number(value), "whole": formats.number(whole)}
    return marks.meter(value, whole, words, kind)


@register.simple_tag(name="hemicycle")
def hemicycle_tag(filled: int = 0, own: int = 0, label: str = "", total: int = 104) -> SafeString:
    """{% hemicycle %} · {% hemicycle filled=61 own=62 label=sentence %}"""
    return hemicycle.hemicycle(filled, own, str(label), total)


@register.simple_tag
def error_summary(form: BaseForm, title: str = "") -> SafeString:
    """{% error_summary form %}, for pages that lay out the fields themselves."""
    return ErrorSummary(form, str(title)).render()


@register.simple_tag
def htmx_script() -> SafeString:
    """{% htmx_script %} in the block `scripts` of pages that use htmx."""
    return format_html('<script src="{}" defer></script>', static("django_htmx/htmx-2.min.js"))


@register.simple_tag(takes_context=True)
def part(context: Context, template_name: str, values: Mapping[str, Any]) -> SafeString:
    """{% part template values %}: a fragment announced by another app, with its own values on top of the page's."""
    with context.push(**values):
        return get_template(template_name).template.render(context)  # type: ignore[attr-defined]


@register.simple_tag
def printed_at() -> str:
    """{% printed_at %}: this moment in the reader's time zone, for the foot of a printed page."""
    return formats.moment(timezone.now())


@register.filter
def digits(text: object) -> str:
    """Arabic-Indic digits in Arabic, unless the reader prefers Western ones."""
    return localise_digits(text)


@register.filter
def number(value: formats.Number | None) -> str:
    """{{ count|number }}"""
    return "" if value in NOTHING else formats.number(cast(formats.Number, value))


@register.filter
def percentage(share: formats.Number | None) -> str:
    """{{ 0.59|percentage }} is 59%."""
    return "" if share in NOTHING else formats.percentage(cast(formats.Number, share))


@register.filter
def size(count: int | None) -> str:
    """{{ bytes|size }}"""
    return "" if count in NOTHING else formats.size(int(cast(int, count)))


@register.filter
def day(value: date | None, form: str = "full") -> str:
    """{{ date|day }} · :"short" (no year) · :"plain" (no weekday) · :"long" (weekday in full) · :"month" (no day)"""
    return formats.day(value, form) if value else ""


@register.filter
def moment(value: datetime | None, form: str = "full") -> str:
    """{{ aware|moment }}: date, time and time zone of the reader."""
    return formats.moment(value, form) if value else ""


@register.filter
def clock(value: datetime | None) -> str:
    """{{ aware|clock }}: time and time zone of the reader."""
    return formats.clock(value) if value else ""


@register.filter
def zone(value: datetime | None) -> str:
    """{{ aware|zone }}: the reader's offset at that moment."""
    return localise_digits(formats.zone(formats.local(value))) if value else ""


@register.filter(name="language_name")
def language_name_filter(code: str, form: str = "") -> str:
    """{{ "ar"|language_name }} · {{ "ar"|language_name:"inline" }} within a sentence"""
    return names.language_name(code, inline=form == "inline") if code else ""


@register.filter(name="country_name")
def country_name_filter(code: str) -> str:
    """{{ "EG"|country_name }}"""
    return names.country_name(str(code)) if code else ""


@register.filter
def join_words(words: Iterable[object]) -> str:
    """{{ languages|join_words }}: "English, French and Arabic"."""
    return formats.join_words(words)


@register.filter
def text_direction(code: str) -> str:
    """{{ lang|text_direction }}: rtl, ltr or auto."""
    return names.direction(code)


@register.filter
def note_kind(message: Message) -> str:
    """Which note a message becomes: ok, due, danger or info."""
    return NOTE_KINDS.get(message.level_tag, "info")


@register.filter
def undo_address(message: Message) -> str:
    """Where a message can be undone, if it can."""
    return notices.undo_address(message)
