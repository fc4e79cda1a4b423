"""Telling people, what they do with what they were told, and how mails reach them.

`telling` writes the inbox, `levels` says how much of it comes from where, `mailing` what is mailed and how, `digests`
gathers what is not mailed at once, `keys` are those that mails are encrypted to.
"""

from portal.notifications.services.digests import (
    digest_await,
    digest_close,
    digest_let_go,
    digest_make,
    digests_make,
)
from portal.notifications.services.keys import (
    mail_key_expiry_tell,
    mail_key_remove,
    mail_key_set,
    mail_key_tell,
)
from portal.notifications.services.levels import (
    scope_forget,
    scope_level_set,
    unheard_forget,
    unheard_forget_all,
)
from portal.notifications.services.mailing import (
    MailTimes,
    discretion_choose,
    mail_preferences_update,
    mail_stop,
    mail_times_update,
    returned_mail_forget,
)
from portal.notifications.services.telling import (
    is_path,
    mails_let_go,
    notification_read,
    notifications_read_all,
    notifications_read_from,
    notify,
)

__all__ = [
    "MailTimes",
    "digest_await",
    "digest_close",
    "digest_let_go",
    "digest_make",
    "digests_make",
    "discretion_choose",
    "is_path",
    "mail_key_expiry_tell",
    "mail_key_remove",
    "mail_key_set",
    "mail_key_tell",
    "mail_preferences_update",
    "mail_stop",
    "mail_times_update",
    "mails_let_go",
    "notification_read",
    "notifications_read_all",
    "notifications_read_from",
    "notify",
    "returned_mail_forget",
    "scope_forget",
    "scope_level_set",
    "unheard_forget",
    "unheard_forget_all",
]
