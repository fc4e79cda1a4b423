"""Our template of a select writes what Django's writes."""

from pathlib import Path

import django.forms
import pytest
from django import forms
from django.template import engines
from django.utils.translation import gettext_lazy as _
from pytest_django.asserts import assertHTMLEqual

FOREIGN = Path(django.forms.__file__).parent / "templates" / "django" / "forms" / "widgets"
CHOICES = [
    ("", "---"),
    ("UTC", _("Home")),
    ("<Europe>", [("Europe/Paris", "Paris & Nice"), (3, "Three")]),
    ("…", [("x", "<b>")]),
]


@pytest.mark.parametrize("value", [None, "", "UTC", "Europe/Paris", 3, "unknown"])
@pytest.mark.parametrize("widget", [forms.Select, forms.SelectMultiple])
def test_the_same_as_by_django(widget, value):
    context = widget({"id": "zone", "required": True, "disabled": False}, CHOICES).get_context("zone", value, {})

    ours = engines["django"].get_template("django/forms/widgets/select.html")
    theirs = engines["django"].from_string((FOREIGN / "select.html").read_text())

    assertHTMLEqual(ours.render(context), theirs.render(context))
