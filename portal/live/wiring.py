"""What the live app announces."""

from django.utils.translation import gettext_lazy as _

from portal.registry import Erasure, NotPersonal, RetentionRule, announced

announced.retention_rules.add(
    RetentionRule(
        name="live.event",
        model="live.Event",
        fields=("payload",),
        label=_("Work that waits"),
        purpose=_("To bring open pages up to date when something changes."),
        audience=_("Whoever may see the page."),
        rule=_("A month; live events hold numbers, never names."),
        days=30,
        erasure=Erasure.KEEP,
        because=_("Numbers of rows say nothing about a person whose row has no name."),
        order=82,
    ),
)
announced.not_personal.add(
    NotPersonal(model="live.Event", fields=("topic", "number", "kind", "at"), because="the order of events"),
    NotPersonal(model="live.Topic", fields=("*",), because="kinds and numbers of things, never names"),
)
