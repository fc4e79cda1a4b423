"""What the directory announces."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from memberships.directory.policies import can_open
from memberships.directory.selectors.home import figures
from portal.access.policies import is_secretariat
from portal.registry import (
    AuditVerb,
    Card,
    DemonstrationGenerator,
    LargeBody,
    NavigationEntry,
    RetentionRule,
    announced,
)

announced.navigation.add(
    NavigationEntry(
        name="members",
        label=_("Members"),
        icon="members",
        url=lambda _reader: reverse("directory:organisations"),
        group="look",
        order=10,
        visible_to=can_open,
        primary_on_phone=True,
    )
)
announced.cards.add(Card(name="directory", order=30, figures=figures))
announced.audit_verbs.add(AuditVerb(name="export.made", label=_("List exported")))

announced.navigation.add(
    NavigationEntry(
        name="import",
        label=_("Import"),
        icon="upload",
        url=lambda _reader: reverse("directory:imports"),
        group="run",
        order=20,
        visible_to=is_secretariat,
    )
)
announced.large_bodies.add(LargeBody(name="directory:imports", most_bytes=12_000_000))
announced.audit_verbs.add(
    AuditVerb(name="import.uploaded", label=_("Table of organisations uploaded")),
    AuditVerb(name="import.confirmed", label=_("Table of organisations imported")),
    AuditVerb(name="import.discarded", label=_("Import of organisations discarded")),
)
announced.retention_rules.add(
    RetentionRule(
        name="directory.import",
        model="directory.Import",
        fields=("uploaded_by", "decided_by"),
        rule=_("Kept as the report of what was imported, by whom and when."),
    )
)

if settings.DEMONSTRATION:
    from memberships.directory.demonstration import real_organisations

    announced.generators.add(DemonstrationGenerator(name="real organisations", generate=real_organisations, order=10))
