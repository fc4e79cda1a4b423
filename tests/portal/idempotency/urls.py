"""The site with a few views that write one event each and then answer in ways that no page of the house does (yet)."""

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import path

from portal.access.refusal import Refused
from portal.access.stepup import fresh_proof
from portal.live.models import Event
from portal.live.services import publish
from portal.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500"]

committed: list[str] = []


def act(request):
    """What each of the views does; the number of its events is the number of effects."""
    transaction.on_commit(lambda: committed.append("once"))
    return publish("test", kind="done", payload={"address": request.path})


def redirects(request):
    return redirect(f"/done/{act(request).number}/")


def shows(request):
    return HttpResponse(f"This was number {act(request).number}.", headers={"HX-Trigger": "done", "X-Other": "no"})


@login_not_required
def fails(request):
    act(request)
    if "well" in request.POST:
        return redirect("/done/")
    raise RuntimeError("after the act")


def refuses(request):
    act(request)
    raise Refused("Not now.")


def streams(request):
    act(request)
    return StreamingHttpResponse(iter([b"a", b"b"]))


def is_long(request):
    act(request)
    return HttpResponse(b"x" * 600_000)


def uploads(request):
    act(request)
    return JsonResponse({"read": request.FILES["file"].read().decode()[:5], "events": Event.objects.count()})


def json(request):
    act(request)
    return JsonResponse({"sent": request.body.decode()})


def asks_first(request):
    """Sends the person elsewhere, to come back."""
    return redirect(f"/accounts/reauthenticate/?next={request.path}")


@fresh_proof("person.export")
def asks_proof(request):
    return redirects(request)


VIEWS = (asks_proof, redirects, shows, fails, refuses, streams, is_long, uploads, json, asks_first)

urlpatterns = [*(path(f"test/{view.__name__}/", view, name=view.__name__) for view in VIEWS), *urlpatterns]
