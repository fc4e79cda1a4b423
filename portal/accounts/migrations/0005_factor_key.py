"""What was encrypted with a key made from SECRET_KEY is encrypted with the key of second factors."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import migrations

PURPOSE = "second factors"


def _fernet(secret, info):
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def forwards(apps, schema_editor):
    rows = apps.get_model("mfa", "Authenticator").objects.exclude(type="webauthn")
    if not rows.exists():
        return
    old_info, new_info = b"portal.accounts.encryption", f"portal.accounts.encryption: {PURPOSE}".encode()
    old = MultiFernet([_fernet(str(one), old_info) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])
    new = _fernet(settings.FACTOR_KEY, new_info)
    for row in rows.select_for_update():
        for name in {"secret", "seed"} & set(row.data):
            try:
                row.data[name] = new.encrypt(old.decrypt(row.data[name].encode())).decode("ascii")
            except InvalidToken:
                pass  # closed with the new key already, or lost with a SECRET_KEY that nobody knows any more
        row.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_second_factors"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=True)]
