"""What the record announces."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.access.policies import is_secretariat
from portal.registry import NavigationEntry, RetentionRule, announced

announced.navigation.add(
    NavigationEntry(
        name="audit",
        label=_("Record"),
        icon="history",
        url=lambda _reader: reverse("audit:entries"),
        group="run",
        order=90,
        visible_to=is_secretariat,
    )
)
announced.retention_rules.add(
    RetentionRule(
        name="audit.entry",
        model="audit.Entry",
        fields=("actor", "actor_name", "acting_for_name", "target_name", "details"),
        rule=_("The record of acts is kept as long as the network; it holds names, never contents."),
    )
)
