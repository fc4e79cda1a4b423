"""A mail server that does not answer."""

from django.core.mail.backends.base import BaseEmailBackend


class FailingBackend(BaseEmailBackend):
    """Refuses every mail."""

    def send_messages(self, email_messages: object) -> int:
        raise ConnectionRefusedError
