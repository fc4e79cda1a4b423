"""What fields are called on pages for people: those whose own name is a programmer's."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from django.db.models import Field
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.registry import announced
from portal.ui.formats import number

WORDS: Final[dict[str, Promise]] = {
    "accepted_at": _("accepted"),
    "accepted_by": _("accepted by"),
    "acting_for_id": _("acting for, by number"),
    "actor": _("who did it"),
    "added_at": _("added"),
    "address_hash": _("fingerprint of an address"),
    "affiliation": _("affiliation"),
    "after": _("after"),
    "answer": _("answer"),
    "answered_at": _("answered"),
    "answered_by": _("answered by"),
    "appearance": _("appearance"),
    "args": _("what the work needs"),
    "asked_at": _("asked"),
    "asked_by": _("asked by"),
    "at": _("when"),
    "awaits_digest": _("waits for a digest"),
    "before": _("before"),
    "by": _("who did it"),
    "cancel_hash": _("fingerprint of a link"),
    "cancelled_at": _("stopped"),
    "cancelled_by": _("stopped by"),
    "carried_out_at": _("carried out"),
    "certificate": _("public key"),
    "changed_by": _("changed by"),
    "changes": _("changes"),
    "code": _("answer of the mail server"),
    "code_hash": _("fingerprint of a code"),
    "confirmed_at": _("confirmed"),
    "confirmed_by": _("confirmed by"),
    "content": _("contents"),
    "content_object": _("where"),
    "content_type": _("kind of thing"),
    "created": _("made"),
    "created_at": _("made"),
    "created_by": _("made by"),
    "data": _("data"),
    "decided_at": _("decided"),
    "decided_by": _("decided by"),
    "details": _("details"),
    "digest": _("digest"),
    "digest_hour": _("hour of the digest"),
    "digest_weekday": _("day of the digest"),
    "discreet": _("without content"),
    "done_at": _("carried out"),
    "due_at": _("due"),
    "email": _("e-mail address"),
    "email_address": _("e-mail address"),
    "ended_by": _("ended by"),
    "entry": _("entry"),
    "erased_at": _("erased"),
    "expire_date": _("runs out"),
    "expires_at": _("runs out"),
    "field": _("field"),
    "file_name": _("name of the file"),
    "fingerprint": _("fingerprint"),
    "finished_at": _("finished"),
    "first_at": _("for the first time"),
    "given_by": _("given by"),
    "group": _("group"),
    "invitation": _("invitation"),
    "invited_by": _("invited by"),
    "ip": _("network address"),
    "is_active": _("account open"),
    "is_guest": _("as a guest"),
    "is_superuser": _("runs the installation"),
    "key": _("key"),
    "kind": _("kind"),
    "last_login": _("last sign-in"),
    "last_seen_at": _("last used"),
    "last_used_at": _("last used"),
    "level": _("how much"),
    "link_hash": _("fingerprint of a link"),
    "locked_at": _("locked"),
    "locked_by": _("locked by"),
    "mailed": _("mailed"),
    "mailed_at": _("mailed"),
    "name": _("name"),
    "name_sort": _("place in the alphabet"),
    "note": _("note"),
    "number": _("number"),
    "object_id": _("number"),
    "object_pk": _("number"),
    "opens_at": _("opens"),
    "organisation": _("organisation"),
    "owner": _("person"),
    "pace": _("how soon"),
    "password": _("password"),
    "payload": _("contents"),
    "permission": _("right"),
    "person": _("person"),
    "primary": _("in use"),
    "problems": _("problems"),
    "proposed_at": _("proposed"),
    "proposed_by": _("proposed by"),
    "proposed_why": _("reason of the first"),
    "purpose": _("purpose"),
    "quiet_from": _("quiet from"),
    "quiet_until": _("quiet until"),
    "read_at": _("read"),
    "reason": _("reason"),
    "recorded_at": _("recorded"),
    "recorded_by": _("recorded by"),
    "refused_at": _("mail refused"),
    "refused_code": _("answer of the mail server"),
    "revoked": _("withdrawn"),
    "revoked_at": _("withdrawn"),
    "roles": _("roles"),
    "scheduled_at": _("not before"),
    "scope": _("from where"),
    "seen_at": _("seen"),
    "sent": _("sent"),
    "session_data": _("contents"),
    "session_key": _("key"),
    "side": _("side"),
    "since": _("since"),
    "size": _("bytes"),
    "slot": _("due"),
    "source": _("kind of thing"),
    "started_at": _("started"),
    "started_by": _("started by"),
    "state": _("state"),
    "status": _("state"),
    "target_id": _("number"),
    "target_type": _("kind of thing"),
    "task_name": _("work"),
    "times": _("how often"),
    "token_hash": _("fingerprint of a link"),
    "told_at": _("told"),
    "type": _("kind"),
    "undone_at": _("unlocked"),
    "undone_by": _("unlocked by"),
    "undone_why": _("reason of the second"),
    "until": _("until"),
    "updated_at": _("brought up to date"),
    "uploaded_at": _("uploaded"),
    "uploaded_by": _("uploaded by"),
    "url": _("page"),
    "user": _("person"),
    "user_agent": _("browser"),
    "values": _("values"),
    "vector": _("words of your profile"),
    "verb": _("what was done"),
    "verified": _("confirmed"),
    "visited_at": _("visited"),
    "warned_at": _("warned"),
    "was_active": _("account was open"),
    "way": _("way"),
    "why": _("reason"),
    "withdrawn_at": _("taken back"),
    "words": _("words"),
    "workspace": _("group"),
}


def rows_in_words(counts: Mapping[str, int]) -> str:
    """How many rows of each kind of data, from `counts` by name of the rule; -1 where it could not be carried out."""
    sums: Counter[str] = Counter()
    failed = set()
    for name, count in counts.items():
        rule = announced.retention_rules.get(name)
        label = str(rule.label) if rule is not None and rule.label else name
        sums[label] += max(count, 0)
        if count < 0:
            failed.add(label)
    said = {label: f"{label}: {number(count)}" for label, count in sorted(sums.items()) if count}
    said |= {label: _now("%(kind)s: could not be done") % {"kind": label} for label in sorted(failed)}
    return " · ".join(said.values()) or number(0)


def label_of(field: Field) -> str:  # type: ignore[type-arg]
    """What `field` is called, in the active language: as its form calls it, else by the words above."""
    own = field.verbose_name
    return str(capfirst(str(own if isinstance(own, Promise) else WORDS.get(field.name, own))))
