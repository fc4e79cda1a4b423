"""Marks that say who may enter a view. A view without a mark fails the tests.

A mark is kept on the view as `policy`, a name that the table of routes in the tests reads.
The objects a view touches are guarded by the policies of its slice; the mark is the outer door.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from portal.access.policies import is_of_secretariat, is_secretariat
from portal.access.refusal import Refused

if TYPE_CHECKING:
    from portal.accounts.models import User

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class SignedInRequest(HttpRequest):
    """A request whose user is known to be a person; views behind a mark other than `public` take it."""

    user: User


def public(view: View) -> View:
    """Anybody may enter, signed in or not. The exact list of such routes is pinned by a test."""
    marked = login_not_required(view)
    marked.policy = "public"  # type: ignore[attr-defined]
    return marked


def signed_in(view: View) -> View:
    """Any signed-in person may enter; what they see inside is the slice's policies' business."""
    view.policy = "signed in"  # type: ignore[attr-defined]
    return view


def secretariat_only(view: View) -> View:
    """Only the Secretariat may enter; others are told so (403), for that such pages exist is no secret."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_secretariat(request.user):
            if is_of_secretariat(request.user):
                raise Refused(_("The Secretariat can open this page only with a second factor. You have none yet."))
            raise Refused(_("Only the Secretariat can open this page."))
        return view(request, *args, **kwargs)

    guarded.policy = "secretariat"  # type: ignore[attr-defined]
    return cast(View, guarded)


def policy_of(view: Callable[..., Any]) -> str | None:
    """The mark of a view, or None where it has none."""
    return getattr(view, "policy", None)
