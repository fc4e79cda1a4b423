"""What repeatable writes announce."""

from django.utils.translation import gettext_lazy as _

from portal.idempotency.services import writes_of
from portal.registry import Erasure, RetentionRule, announced

announced.retention_rules.add(
    RetentionRule(
        name="idempotency.write",
        model="idempotency.Write",
        fields=("owner", "key", "fingerprint", "answer", "at"),
        label=_("Answers to what you sent"),
        purpose=_("What is sent twice, because a connection broke or a button was pressed twice, is done once."),
        audience=_("Nobody; the answer can be opened only with the key in the form that you sent."),
        rule=_("The answer to a form is kept for a day at most, closed with a key that only the form holds."),
        days=1,
        rows=writes_of,
        erasure=Erasure.DELETE,
        secret=("owner", "key", "fingerprint", "answer"),
    )
)
