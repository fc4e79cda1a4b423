"""The inbox, and what of it is mailed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.guards import SignedInRequest, signed_in
from portal.notifications import services
from portal.notifications.forms import MailForm
from portal.notifications.policies import visible_to
from portal.notifications.selectors import lines_of, mailed_kinds
from portal.ui.pagination import paginate


@signed_in
@require_safe
@never_cache
def inbox(request: SignedInRequest) -> HttpResponse:
    """What the reader was told, latest first."""
    page = paginate(request, visible_to(request.user))
    context = {"page": page, "lines": lines_of(page.object_list)}
    return render(request, "portal/notifications/inbox.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def open_notification(request: SignedInRequest, pk: int) -> HttpResponse:
    """Go to what a notification is about; going there reads it, asking (HEAD) does not."""
    notification = get_object_or_404(visible_to(request.user), pk=pk)
    if request.method != "HEAD":
        services.notification_read(request.user, notification=notification)
    # Written by services, which refuse other addresses; asked again, for rows may come from an import.
    return redirect(notification.url if services.is_path(notification.url) else "notifications:inbox")


@signed_in
@require_POST
def read(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mark one as read and stay."""
    notification = get_object_or_404(visible_to(request.user), pk=pk)
    services.notification_read(request.user, notification=notification)
    return redirect("notifications:inbox")


@signed_in
@require_POST
def read_all(request: SignedInRequest) -> HttpResponse:
    """Mark all as read."""
    services.notifications_read_all(request.user)
    return redirect("notifications:inbox")


@signed_in
@never_cache
def preferences(request: SignedInRequest) -> HttpResponse:
    """Which kinds are mailed; all of them come to the inbox."""
    data = request.POST if request.method == "POST" else None
    form = MailForm(data, mailed=mailed_kinds(request.user))
    if request.method == "POST" and form.is_valid():
        services.mail_preferences_update(request.user, mailed=form.chosen())
        messages.success(request, _("Saved."))
        return redirect("notifications:preferences")
    return render(request, "portal/notifications/preferences.html", {"form": form})
