"""Secrets at rest (check B3): closed with a key of their own, which can be changed."""

import base64
import json
import zlib

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt as opened
from django.core.management import CommandError, call_command
from django.db import connection

from portal.accounts.encryption import decrypt, encrypt
from portal.accounts.services.factors import code_accept
from tests.factories.accounts import (
    PASSWORD,
    TOTP_SECRET,
    current_code,
    person,
    recovery_codes,
    with_authenticator_app,
)

OTHER = "another key, as long as a key of second factors has to be, for tests"


def everything():
    """All text of all tables, as a copy of the database would show it; what sessions hold unpacked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        text = []
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(table)} t")  # noqa: S608 - a table's name
            text += [row for (row,) in cursor.fetchall()]
        cursor.execute("SELECT session_data FROM django_session")
        text += [unpacked(data) for (data,) in cursor.fetchall()]
    return "\n".join(text)


def unpacked(data):
    """What is in a session's row for whoever does not care whether it is signed."""
    packed = data.split(":")[0]
    content = base64.urlsafe_b64decode(packed.lstrip(".") + "=" * (-len(packed.lstrip(".")) % 4))
    return json.dumps(json.loads(zlib.decompress(content) if packed.startswith(".") else content))


def test_no_secret_stands_in_the_tables(db, client):
    owner = with_authenticator_app(person())
    codes = recovery_codes(owner)
    seed = opened(owner.authenticator_set.get(type="recovery_codes").data["seed"])
    client.post("/accounts/login/", {"login": owner.email, "password": PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": current_code()})
    adding = person()
    client.logout()
    client.post("/accounts/login/", {"login": adding.email, "password": PASSWORD})
    shown = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    device = client.cookies["known-device"].value

    text = everything()

    assert owner.email in text  # it reads what there is
    assert '"proved_at"' in text  # sessions too
    for secret in (TOTP_SECRET, seed, shown, PASSWORD, device, *codes):
        assert secret not in text


def test_a_purpose_opens_only_its_own():
    closed = encrypt("secret", purpose="one")

    assert decrypt(closed, purpose="one") == "secret"
    with pytest.raises(ValueError, match="none of the keys"):
        decrypt(closed, purpose="another")


def test_the_secret_key_has_nothing_to_do_with_it(settings):
    closed = encrypt("secret", purpose="one")
    settings.SECRET_KEY = "another secret key"

    assert decrypt(closed, purpose="one") == "secret"


def test_the_key_is_changed_in_three_steps(db, settings, capsys):
    owner = with_authenticator_app(person())
    codes = recovery_codes(owner)
    before = settings.FACTOR_KEY
    settings.FACTOR_KEY, settings.FACTOR_KEY_FALLBACKS = OTHER, [before]
    opened_with_fallback = recovery_codes(owner)

    call_command("rotate_factor_key")
    settings.FACTOR_KEY_FALLBACKS = []

    assert opened_with_fallback == codes
    assert recovery_codes(owner) == codes
    assert code_accept(owner, code=current_code()) is not None
    assert "Second factors: 2 now with the current key." in capsys.readouterr().out


def test_a_key_that_was_not_named_stops_the_change(db, settings):
    with_authenticator_app(person())
    settings.FACTOR_KEY = OTHER
    before = list(Authenticator.objects.values_list("data", flat=True))

    with pytest.raises(CommandError, match="neither FACTOR_KEY nor among"):
        call_command("rotate_factor_key")

    assert list(Authenticator.objects.values_list("data", flat=True)) == before
