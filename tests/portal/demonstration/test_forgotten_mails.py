"""Who is erased is in no mail of the demonstration's outbox any more."""

import pytest
from django.core.mail import EmailMessage

from portal.demonstration import mail
from portal.privacy.services import erase
from tests.factories import people


@pytest.fixture
def outbox(settings, tmp_path):
    settings.DATA_DIR, settings.DEMONSTRATION = tmp_path, True
    return mail.OutboxBackend()


def test_mails_to_and_about_an_erased_person_go(db, outbox, django_capture_on_commit_callbacks):
    gone = people.person("Ada Goes", email="ada@goes.example")
    outbox.send_messages([
        EmailMessage("Hello", "To her.", to=["ADA@goes.example"]),
        EmailMessage("About", "Ada Goes is here.", to=["kim@example.org"]),
        EmailMessage("Stays", "Nothing of hers.", to=["kim@example.org"]),
    ])  # fmt: skip

    with django_capture_on_commit_callbacks(execute=True):
        mail.mails_forget(gone)
        erase(None, person=gone)

    assert [mail.mail(name).subject for name in mail.names()] == ["Stays"]
