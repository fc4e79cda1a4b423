"""The hidden fields of every form that writes. A builtin of the template engine: no load tag."""

from django import template
from django.forms import BaseForm, BaseFormSet
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.idempotency.keys import FIELD, new_key

register = template.Library()


@register.simple_tag(takes_context=True)
def csrf_token(context: Context) -> SafeString:
    """{% csrf_token %}: Django's own field, and the key that makes sending the form twice the same as once.

    Takes the place of Django's tag, so that no form, allauth's included, can have the one without the other: a form
    that forgets the tag is refused at its first try anyway.

    Where the page answers a write, a form on it that was not accepted says that nothing was done.
    """
    request = context.get("request")
    if request is not None and request.method == "POST" and shows_wrong_form(context):
        request.wrong_form = True
    # Not restored by browsers when a page is loaded again: a page shown anew is a new intention.
    field = '{}<input type="hidden" name="{}" value="{}" autocomplete="off">'
    return format_html(field, CsrfTokenNode().render(context), FIELD, new_key())


def shows_wrong_form(context: Context) -> bool:
    """Whether a form among the values of the page was sent and found wrong."""
    return any(is_wrong(value) for layer in context.dicts for value in layer.values())


def is_wrong(value: object) -> bool:
    """Looks only at what was found already: asking a form for its errors would make it look for them."""
    if isinstance(value, BaseForm):
        return value.is_bound and bool(vars(value).get("_errors"))
    return isinstance(value, BaseFormSet) and value.is_bound and any(is_wrong(form) for form in value.forms)
