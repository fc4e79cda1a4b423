"""Decisions of a group: the list, proposing one, and the position of one's organisation."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.access.guards import SignedInRequest, signed_in
from portal.access.refusal import Refused
from portal.ui.pagination import paginate
from portal.ui.render import render_page
from workspaces.chat import policies, services
from workspaces.chat.forms import PositionForm, ProposalForm
from workspaces.chat.selectors.decisions import decided_in, own_positions, positions_shown
from workspaces.chat.selectors.messages import shown
from workspaces.chat.views.doors import message_of, read_room, written_room
from workspaces.chat.views.frame import framed
from workspaces.chat.views.messages import back_to
from workspaces.chat.views.room import add_errors


@signed_in
@require_safe
def decisions(request: SignedInRequest, slug: str) -> HttpResponse:
    """What was decided in the group, and what is proposed."""
    room = read_room(request.user, slug=slug)
    services.decisions_settle(room)
    page = paginate(request, decided_in(room), per_page=20)
    for message in page:
        message.room = message.topic.room = room
    rows = shown(list(page), room, reader=request.user)
    return render_page(
        request, "workspaces/chat/decisions.html", framed(request.user, room) | {"page": page, "rows": rows}
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Proposes a message that is there already."""
    message = message_of(written_room(request.user, slug=slug), number)
    organisations = policies.proposing_for(request.user, message)
    if not organisations:
        raise Refused(_("Decisions are proposed by whoever wrote the message, for an organisation of the group."))
    form = ProposalForm(request.POST or None, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        try:
            services.decision_propose(request.user, message=message, **form.values())
        except ValidationError as error:
            add_errors(form, error)
        else:
            return redirect(back_to(message))
    one = shown([message], message.room, reader=request.user)[0]
    context = framed(request.user, message.room) | {"message": message, "one": one, "form": form}
    return render_page(request, "workspaces/chat/propose.html", context | {"back": back_to(message)})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def position(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """How the organisations stand, and the position of the reader's own."""
    room = read_room(request.user, slug=slug)
    services.decisions_settle(room)
    message = message_of(room, number)
    decision = policies.decision_of(message)
    if decision is None or message.is_deleted:
        raise Http404
    decision.message = message
    organisations = policies.deciding_for(request.user, room) if decision.is_open else []
    form = PositionForm(request.POST or None, organisations=organisations) if organisations else None
    if request.method == "POST":
        if form is None:
            raise Refused(_("The time for this decision is over, or you do not speak for an organisation here."))
        if form.is_valid():
            try:
                services.position_take(request.user, decision=decision, **form.cleaned_data)
            except ValidationError as error:
                add_errors(form, error)
            else:
                return redirect(back_to(message))
    context = framed(request.user, room) | {
        "message": message,
        "one": shown([message], room, reader=request.user)[0],
        "decision": decision,
        "positions": positions_shown(request.user, decision),
        "own": own_positions(request.user, decision),
        "form": form,
        "back": back_to(message),
    }
    return render_page(request, "workspaces/chat/position.html", context)
