"""One's own data to take along: one archive with everything, for programs and for people."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Field, Model
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.access.refusal import Refused
from portal.accounts.models import User
from portal.audit.services import record
from portal.files.models import StoredFile
from portal.privacy.policies import can_read_held
from portal.privacy.selectors.held import all_rows, fields_of, shown, what_erasure_does
from portal.privacy.selectors.labels import label_of
from portal.registry import RetentionRule, announced


@transaction.atomic
def export_made(actor: User, *, person: User) -> io.BytesIO:
    """A zip archive with all that is held about `person`: `data.json`, `data.html` in the active language, and the
    files that are theirs. In memory, for what one person left weighs little. Recorded. Raises Refused.
    """
    if not can_read_held(actor, person):
        raise Refused(_("Only the person themselves can take their data along."))
    now = timezone.now()
    kinds = [_kind(rule, person) for rule in announced.retention_rules]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("data.json", _json(person, now, kinds))
        out.writestr("data.html", _html(person, now, kinds))
        for name, content in _files(person):
            out.writestr(f"files/{name}", content)
    archive.seek(0)
    record(actor, verb="privacy.exported", target=person, details={"kinds": len(kinds)})
    return archive


def _kind(rule: RetentionRule, person: User) -> dict[str, Any]:
    fields = fields_of(rule)
    rows = list(all_rows(rule, person))
    return {
        "name": rule.name,
        "label": str(rule.label),
        "purpose": str(rule.purpose),
        "audience": str(rule.audience),
        "kept": str(rule.rule),
        "erased": what_erasure_does(rule),
        "columns": [label_of(field) for field in fields],
        "texts": [[shown(rule, field, row, person) for field in fields] for row in rows],
        "rows": [{field.name: _value(rule, field, row) for field in fields} for row in rows],
    }


def _value(rule: RetentionRule, field: Field[Any, Any], row: Model) -> Any:
    value = getattr(row, field.name)
    if value is not None and field.name in rule.secret:
        return {"held": True}
    if isinstance(value, Model):
        return {"id": value.pk, "name": str(value)}
    return value


def _json(person: User, now: datetime, kinds: list[dict[str, Any]]) -> str:
    data = {
        "made_at": now,
        "person": {"id": person.pk, "name": person.name},
        "held": [{key: kind[key] for key in ("name", "label", "purpose", "audience", "kept", "erased", "rows")}
                 for kind in kinds],
    }  # fmt: skip
    encode: Callable[..., str] = json.dumps
    return encode(data, cls=_Encoder, ensure_ascii=False, indent=2)


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        """Whatever JSON does not know is told as text."""
        try:
            return super().default(o)
        except TypeError:
            return str(o)


def _html(person: User, now: datetime, kinds: list[dict[str, Any]]) -> str:
    context = {"person": person, "made_at": now, "kinds": kinds, "language": get_language() or "en"}
    return render_to_string("portal/privacy/export.html", context)


def _files(person: User) -> list[tuple[str, bytes]]:
    own = [kind.name for kind in announced.file_kinds if kind.personal]
    found = []
    for stored in StoredFile.objects.filter(created_by_id=person.pk, kind__in=own).order_by("pk"):
        with stored.content.open("rb") as file:
            found.append((f"{stored.pk}-{stored.name.replace('/', '_')}", file.read()))
    return found
