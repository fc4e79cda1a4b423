"""The inbox, what of it is mailed and how, how much comes from where, and addresses that take no mail."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.guards import SignedInRequest, public, secretariat_only, signed_in
from portal.access.stepup import fresh_proof
from portal.notifications import selectors, services
from portal.notifications.forms import KeyForm, LevelForm, MailForm
from portal.notifications.mails.keys import KeyRefused
from portal.notifications.mails.links import ALL, stopped_by
from portal.notifications.policies import can_hear_from, can_stop_mails_of, levels_visible_to, visible_to
from portal.registry import announced
from portal.ui.pagination import paginate
from portal.ui.zones import zone_named


@signed_in
@require_safe
@never_cache
def inbox(request: SignedInRequest) -> HttpResponse:
    """What the reader was told, latest first, by day; `?unread=1` leaves out what was read."""
    services.unheard_forget(request.user)
    told, only_unread = visible_to(request.user), bool(request.GET.get("unread"))
    page = paginate(request, told.filter(read_at__isnull=True) if only_unread else told)
    days = selectors.days_of(selectors.lines_of(page.object_list))
    context = {"page": page, "days": days, "only_unread": only_unread}
    return render(request, "portal/notifications/inbox.html", context)


@signed_in
@require_safe
@never_cache
def bell(request: SignedInRequest) -> HttpResponse:
    """The bell alone, for the live connection; whoever opens it in a browser wants the inbox."""
    if not request.headers.get("X-Live"):
        return redirect("notifications:inbox")
    return render(request, "portal/notifications/_bell.html", {"bell": selectors.bell_of(request.user)})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def open_notification(request: SignedInRequest, pk: int) -> HttpResponse:
    """Go to what a notification is about; going there reads it, asking (HEAD) does not."""
    notification = get_object_or_404(visible_to(request.user), pk=pk)
    if not can_hear_from(request.user.pk, notification.scope):
        raise Http404
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
    """Which kinds are mailed, when mails come and how much they say; everything comes to the inbox."""
    reader, data = request.user, request.POST if request.method == "POST" else None
    mailed, discreet = selectors.mailed_kinds(reader), selectors.is_discreet(reader)
    form = MailForm(data, mailed=mailed, discreet=discreet, times=selectors.mail_times_of(reader.pk))
    if request.method == "POST" and form.is_valid():
        services.mail_preferences_update(reader, mailed=form.chosen())
        services.mail_times_update(reader, times=form.times())
        if (discretion := form.discretion()) is not None:
            services.discretion_choose(reader, discreet=discretion)
        messages.success(request, _("Saved."))
        return redirect("notifications:preferences")
    context = {
        "form": form,
        "key": selectors.mail_key_of(reader),
        "returned": selectors.returned_to(reader),
        "zone": zone_named(reader.time_zone).key,
        "choices": selectors.level_choices(reader, levels_visible_to(reader)),
    }
    return render(request, "portal/notifications/preferences.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def level(request: SignedInRequest, scope: str) -> HttpResponse:
    """How much the reader is told from one place; then back to `next`, a path of the portal.

    404 where they may not hear. The same form is on the page of the place, as `portal/notifications/_level.html`.
    """
    reader = request.user
    if not can_hear_from(reader.pk, scope):
        raise Http404
    choice = selectors.level_choice(reader, scope)
    data = request.POST if request.method == "POST" else None
    form = LevelForm(data, initial={"level": choice.level if choice.chosen else ""})
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    back = wanted if services.is_path(wanted) else reverse("notifications:preferences")
    if request.method == "POST" and form.is_valid():
        services.scope_level_set(reader, scope=scope, level=form.chosen())
        messages.success(request, _("Saved."))
        return redirect(back)
    context = {"form": form, "label": selectors.labels_of(reader, [scope]).get(scope, ""), "back": back}
    return render(request, "portal/notifications/level.html", context)


@signed_in
@fresh_proof("mail_key.change")
@never_cache
def key(request: SignedInRequest) -> HttpResponse:
    """The key that mails to the reader are encrypted to."""
    form = KeyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.mail_key_set(request.user, content=form.content())
        except KeyRefused as refused:
            form.refuse(refused.sentence)
        else:
            messages.success(request, _("Mails to you are encrypted to this key from now on."))
            return redirect("notifications:key")
    context = {"form": form, "key": selectors.mail_key_of(request.user)}
    return render(request, "portal/notifications/key.html", context)


@signed_in
@fresh_proof("mail_key.change")
@require_POST
def key_remove(request: SignedInRequest) -> HttpResponse:
    """Mails to the reader are no longer encrypted."""
    services.mail_key_remove(request.user)
    messages.success(request, _("The key was removed. Mails to you are no longer encrypted."))
    return redirect("notifications:key")


@csrf_exempt
@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop mails by the link in one of them. Opening it changes nothing, for programs open links before people do.

    The token is the right to it: the POST may come from a mail program without any cookie (RFC 8058, section 3.2).
    """
    try:
        person_id, kind = stopped_by(token)
    except LookupError as error:
        raise Http404 from error
    if not can_stop_mails_of(person_id):
        raise Http404
    context = {"stopped": request.method == "POST", "kind": announced.notification_kinds.get(kind)}
    if request.method == "POST":
        services.mail_stop(person_id, kind=ALL if request.POST.get("all") else kind)
    return render(request, "portal/notifications/stop.html", context)


@secretariat_only
@require_safe
def returned(request: SignedInRequest) -> HttpResponse:
    """Addresses that the mail server refused for good."""
    page = paginate(request, selectors.returned_mails())
    return render(request, "portal/notifications/returned.html", {"page": page})


@secretariat_only
@require_POST
def returned_forget(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take one off the list."""
    services.returned_mail_forget(request.user, returned=get_object_or_404(selectors.returned_mails(), pk=pk))
    return redirect("notifications:returned")
