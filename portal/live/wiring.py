"""What the live app announces."""

from django.utils.translation import gettext_lazy as _

from portal.registry import RetentionRule, announced

announced.retention_rules.add(
    RetentionRule(
        name="live.event",
        model="live.Event",
        fields=("payload",),
        rule=_("Live events hold numbers, never names, and are kept for replay only."),
        days=30,
    )
)
