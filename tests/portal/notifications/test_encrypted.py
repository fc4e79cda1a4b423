"""Mails encrypted to a person's key (check I2), and what becomes of a key that can no longer be used: never clear mail.

The keys in `keys/` were made with GnuPG: one that has expired, one that was revoked, one whose encrypting part has
expired, one whose encrypting part was revoked, one for signing only, one of RSA with 1,024 bits.
"""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pysequoia import Tsk, decrypt

from portal.accounts.tasks import password_reset_mail
from portal.audit.models import Entry
from portal.demonstration import mail as demonstration
from portal.notifications import services
from portal.notifications.mails.keys import LARGEST, KeyRefused, encrypted, read_key
from portal.notifications.models import MailKey, Notification
from portal.notifications.tasks import keys_watch
from tests.factories.accounts import person
from tests.jobs import run_jobs

KEYS = Path(__file__).parent / "keys"
OVER = ["expired", "revoked", "subkey-expired", "subkey-revoked", "sign-only", "weak"]
SECRET_WORDS = "words that only Rita reads"
PAGE = "/notifications/key/"


@pytest.fixture(scope="module")
def own():
    """Rita's key, private half included: only this test has it."""
    return Tsk.generate(user_id="Rita <rita@example.org>")


@pytest.fixture
def reader(db):
    return person(f"Rita {SECRET_WORDS}")


@pytest.fixture
def desk(reader, client):
    client.force_login(reader)
    return client


def public(key):
    return str(key.extract_certificate())


def keep(reader, certificate, **fields):
    """A key as it lies in the database when time has passed over it."""
    return MailKey.objects.create(person=reader, certificate=certificate, fingerprint="AB" * 20, **fields)


def opened(taken, key):
    """What the receiver's mail program shows."""
    version, closed = taken.message.iter_parts()
    assert version.get_content_type() == "application/pgp-encrypted"
    assert version.get_content().strip() in (b"Version: 1", "Version: 1")
    inner = decrypt(decryptor=key.decryptor(), bytes=closed.get_payload().encode()).bytes
    return message_from_bytes(inner, policy=policy.default)


def test_a_mail_is_encrypted_with_its_subject(reader, own, server):
    services.mail_key_set(reader, content=public(own).encode())
    run_jobs()
    server.taken.clear()
    password_reset_mail.defer(email=reader.email)

    run_jobs()

    (taken,) = server.taken
    assert taken.message.get_content_type() == "multipart/encrypted"
    assert taken.message.get_param("protocol") == "application/pgp-encrypted"
    assert taken.message["Subject"] == "..."
    assert taken.message["Content-Language"] is None
    assert SECRET_WORDS.encode() not in taken.raw
    assert b"password" not in taken.raw
    inner = opened(taken, own)
    assert inner["Subject"] == "Set a new password"
    assert inner["To"] == reader.email
    assert inner.get_param("hp") == "cipher"
    assert "Subject: ..." in inner.get_all("HP-Outer")
    assert inner.get_content_type() == "multipart/alternative"
    assert SECRET_WORDS in inner.get_body(("plain",)).get_content()
    assert SECRET_WORDS in inner.get_body(("html",)).get_content()


def test_the_demonstration_shows_an_encrypted_mail_as_it_is(reader, own, settings, tmp_path):
    settings.DEMONSTRATION, settings.DATA_DIR = True, tmp_path
    settings.EMAIL_BACKEND = "portal.demonstration.mail.OutboxBackend"
    services.mail_key_set(reader, content=public(own).encode())

    run_jobs()

    (name,) = demonstration.names()
    shown = demonstration.mail(name)
    assert shown.subject == "..."
    assert shown.text.startswith("-----BEGIN PGP MESSAGE-----")


def test_who_wants_mails_to_say_nothing_has_that_within_the_encryption_too(reader, own, server):
    services.discretion_choose(reader, discreet=True)
    services.mail_key_set(reader, content=public(own).encode())

    run_jobs()

    inner = opened(server.taken[0], own)
    assert inner["Subject"].startswith("Something awaits you")
    assert SECRET_WORDS not in str(inner)


@pytest.mark.parametrize("name", [*OVER, "nonsense", "empty"])
def test_a_key_that_can_no_longer_be_used_never_leads_to_clear_mail(name, reader, server):
    kept = {"nonsense": "no key at all", "empty": ""}
    keep(reader, kept[name] if name in kept else (KEYS / f"{name}.asc").read_text())
    services.notify([reader], kind="mail.key_changed")
    password_reset_mail.defer(email=reader.email)

    run_jobs()

    assert len(server.taken) == 2
    for taken in server.taken:
        assert taken.message["Subject"] == "Something awaits you in Plenary"
        assert SECRET_WORDS not in taken.text + taken.html + str(taken.message.items())
    told = Notification.objects.filter(kind="mail.key_unusable")
    assert [one.person for one in told] == [reader]  # once, however many mails


def test_a_key_known_to_be_over_is_told_by_the_clock_and_one_that_ends_soon_before(reader, own):
    now = timezone.now()
    keep(reader, public(own), expires_at=now + timedelta(days=13))
    keep(person(), public(own), expires_at=now + timedelta(days=15))
    keep(ended := person(), public(own), expires_at=now - timedelta(days=1))

    for _ in range(2):
        keys_watch(timestamp=0)

    told = Notification.objects.order_by("kind").values_list("kind", "person_id")
    assert list(told) == [("mail.key_expires", reader.pk), ("mail.key_unusable", ended.pk)]


@pytest.mark.parametrize("name", OVER)
def test_keys_that_cannot_be_used_are_refused_with_a_sentence(name, reader, desk):
    answer = desk.post(PAGE, {"public_key": (KEYS / f"{name}.asc").read_text()})

    assert answer.status_code == 200
    assert any(answer.context["form"].errors["public_key"])
    assert not MailKey.objects.exists()


def test_the_sentence_says_why():
    sentences = {}
    for name in OVER:
        with pytest.raises(KeyRefused) as refused:
            read_key((KEYS / f"{name}.asc").read_bytes())
        sentences[name] = str(refused.value.sentence)

    assert "expired" in sentences["expired"]
    assert "expired" in sentences["subkey-expired"]
    assert "revoked" in sentences["revoked"]
    assert "revoked" in sentences["subkey-revoked"]
    assert "signing only" in sentences["sign-only"]
    assert "too weak" in sentences["weak"]


@pytest.mark.parametrize("form", ["armored", "binary", "armored after the public one", "binary after the public one"])
def test_a_private_key_is_neither_taken_nor_kept_nor_shown_again(form, reader, own, desk):
    secret = {
        "armored": str(own).encode(),
        "binary": bytes(own),
        "armored after the public one": public(own).encode() + str(own).encode(),
        "binary after the public one": bytes(own.extract_certificate()) + bytes(own),
    }[form]

    by_file = desk.post(PAGE, {"file": SimpleUploadedFile("key.asc", secret)})
    by_text = desk.post(PAGE, {"public_key": secret.decode("latin-1")})

    for answer in (by_file, by_text):
        page = answer.content.decode()
        assert "<textarea" in page
        assert "BEGIN PGP PRIVATE" not in page
        assert max(secret.decode("latin-1").splitlines(), key=len) not in page
    assert "This is a private key." in by_file.content.decode()
    assert not MailKey.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Give the key either as text or as a file."),
        (b"Hello", "not a public OpenPGP key"),
        (b"\x00\xff" * 700, "not a public OpenPGP key"),
        (b"x" * (LARGEST + 5), "too long"),
        (b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nzzzz\n-----END PGP PUBLIC KEY BLOCK-----", "not a public"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(content, sentence, reader, desk):
    data = {"file": SimpleUploadedFile("key.asc", content)} if content else {"public_key": " "}

    answer = desk.post(PAGE, data)

    assert answer.status_code == 200
    assert sentence in answer.content.decode()


def test_two_keys_are_one_too_many(reader, own, desk):
    other = Tsk.generate(user_id="Other <other@example.org>")

    answer = desk.post(PAGE, {"public_key": public(own) + public(other)})

    assert "These are several keys." in answer.content.decode()


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 600), junk=st.binary(max_size=80), at=st.integers(0, 600))
def test_no_bytes_break_the_reading(cut, junk, at, own):
    raw = bytes(own.extract_certificate())

    try:
        key = read_key(raw[:at] + junk + raw[at + cut :])
    except KeyRefused:
        pass
    else:
        assert encrypted(key.certificate, b"test").startswith(b"-----BEGIN PGP MESSAGE-----")


def test_a_key_is_given_shown_replaced_and_removed(reader, own, desk):
    renewed = Tsk.generate(user_id="Rita", validity_seconds=400 * 86400)

    desk.post(PAGE, {"public_key": "Here it is:\r\n" + public(own).replace("\n", "\r\n") + "\r\nRegards"})
    first = desk.get(PAGE).content.decode()
    desk.post(PAGE, {"file": SimpleUploadedFile("key.gpg", bytes(renewed.extract_certificate()))})
    second = desk.get(PAGE).content.decode()
    desk.post(PAGE + "remove/")

    fingerprint = own.extract_certificate().fingerprint.upper()
    assert " ".join(fingerprint[at : at + 4] for at in range(0, 40, 4)) in first
    assert "Never" in first
    assert str((datetime.now(UTC) + timedelta(days=400)).year) in second
    assert not MailKey.objects.exists()
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["mail_key.set", "mail_key.set", "mail_key.removed"]
    assert Notification.objects.filter(person=reader, kind="mail.key_changed").count() == 3


def test_what_strangers_sign_counts_for_nothing(reader, own):
    stranger = Tsk.generate(user_id="Stranger <stranger@example.org>")
    revocation = bytes(own.extract_certificate().revoke(stranger.certifier()))

    kept = services.mail_key_set(reader, content=bytes(own.extract_certificate()) + revocation)

    assert encrypted(kept.certificate, b"test")
    assert len(kept.certificate) <= len(public(own))


def test_a_revoked_version_of_ones_own_key_is_believed(reader, own, desk, server):
    services.mail_key_set(reader, content=public(own).encode())
    run_jobs()
    server.taken.clear()
    certificate = own.extract_certificate()
    revoked = bytes(certificate) + bytes(certificate.revoke(own.certifier()))

    answer = desk.post(PAGE, {"file": SimpleUploadedFile("key.gpg", revoked)})
    password_reset_mail.defer(email=reader.email)
    run_jobs()

    assert "This key was revoked." in answer.content.decode()
    assert server.taken[-1].message["Subject"] == "Something awaits you in Plenary"
    assert Notification.objects.filter(kind="mail.key_unusable").count() == 1


def test_another_persons_key_cannot_be_put_out_of_use(reader, own, client):
    services.mail_key_set(reader, content=public(own).encode())
    certificate = own.extract_certificate()
    client.force_login(person())

    client.post(
        PAGE, {"file": SimpleUploadedFile("k", bytes(certificate) + bytes(certificate.revoke(own.certifier())))}
    )

    assert not MailKey.objects.get(person=reader).revoked
