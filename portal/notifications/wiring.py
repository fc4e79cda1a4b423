"""What notifications announce."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.policies import can_hear_inbox
from portal.registry import LiveTopic, RetentionRule, announced

announced.live_topics.add(LiveTopic(name="inbox", may_subscribe=can_hear_inbox))
announced.retention_rules.add(
    RetentionRule(
        name="notifications.notification",
        model="notifications.Notification",
        fields=("person", "payload", "url"),
        rule=_("What a person was told is kept for a year, and goes with their account."),
        days=365,
    ),
    RetentionRule(
        name="notifications.preference",
        model="notifications.Preference",
        fields=("person",),
        rule=_("What a person wants mailed is kept as long as their account."),
    ),
)
