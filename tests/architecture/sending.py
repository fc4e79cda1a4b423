"""Sending the forms of `tests/architecture/forms.py` as a browser does."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.architecture.forms import PASSWORD, Form
from tests.architecture.pages import PageForm, form_on
from tests.architecture.table import ROWS
from tests.architecture.world import ANONYMOUS, World


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def sender(world: World, form: Form) -> Client:
    """A browser of the actor, who has just given the password."""
    cache.clear()  # limits of how often
    client = Client()
    if form.actor != ANONYMOUS:
        client.force_login(world.people[form.actor])
        if form.route.startswith(("account", "mfa_", "people:lock-down", "privacy:")):
            client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def address_of(form: Form, world: World) -> str:
    return reverse(form.route, kwargs=(form.arguments or ROWS[form.route].arguments)(world))


def opened(form: Form, world: World, client: Client) -> PageForm:
    """The form as `client` finds it on its page; an empty one where no page shows it."""
    action = address_of(form, world)
    page = action if form.page is None else form.page(world)
    if not page:
        return PageForm(action)
    answer = client.get(page, follow=True)
    if answer.redirect_chain and form.page is None:
        # A link with a key leads on to a page whose address does not show it.
        action = page = answer.redirect_chain[-1][0]
    found = form_on(answer.text, page, action)
    assert found is not None, f"{page} shows no form that sends to {action} ({answer.status_code})"
    found.action = action
    return found
