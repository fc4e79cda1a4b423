"""What notifications announce."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.models import Notification
from portal.notifications.policies import can_hear_inbox
from portal.registry import Erasure, LiveTopic, RetentionRule, announced

announced.live_topics.add(LiveTopic(name="inbox", may_subscribe=can_hear_inbox))
announced.retention_rules.add(
    RetentionRule(
        name="notifications.notification",
        model="notifications.Notification",
        fields=("person", "kind", "payload", "url", "at", "read_at", "mailed_at"),
        label=_("What you were told"),
        purpose=_("To tell you what concerns you, and to show what you have not read."),
        audience=_("Only you."),
        rule=_("A year."),
        days=365,
        erasure=Erasure.DELETE,
        order=40,
    ),
    RetentionRule(
        name="notifications.quoted",
        model="notifications.Notification",
        fields=("payload",),
        rows=lambda _person: Notification.objects.none(),
        label=_("Texts of others"),
        purpose=_("To tell others what you did that concerns them, with your name."),
        audience=_("Whoever was told."),
        rule=_("A year."),
        erasure=Erasure.SCRUB,
        readers_language="person__language",
        order=78,
    ),
    RetentionRule(
        name="notifications.preference",
        model="notifications.Preference",
        fields=("person", "kind", "mailed"),
        label=_("What you were told"),
        purpose=_("To mail you only what you want mailed."),
        audience=_("Only you."),
        rule=_("As long as your account."),
        erasure=Erasure.DELETE,
        order=41,
    ),
)
