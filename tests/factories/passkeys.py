"""A passkey made of software: answers WebAuthn's questions as a device would, without a browser."""

import hashlib
import json
import os
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

USER_PRESENT, USER_VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Passkey:
    """One key. `user_handle` is kept when it is made, as a device does for keys that sign in alone."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.pk = os.urandom(16)
        self.user_handle = b""

    def create(self, options: dict[str, Any]) -> str:
        """The answer to `navigator.credentials.create`, as our script sends it."""
        wanted = options["publicKey"]
        self.user_handle = websafe_decode(wanted["user"]["id"])
        key = cbor.encode(ES256.from_cryptography_key(self.private.public_key()))
        attested = bytes(16) + len(self.pk).to_bytes(2, "big") + self.pk + key
        data = self._data(wanted["rp"]["id"], USER_PRESENT | USER_VERIFIED | ATTESTED) + attested
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", wanted["challenge"])
        return self._answer(client, attestationObject=attestation)

    def get(self, options: dict[str, Any], *, forged: bool = False, user_handle: bytes | None = None) -> str:
        """The answer to `navigator.credentials.get`; `forged`: signed by another key."""
        wanted = options["publicKey"]
        client = self._client("webauthn.get", wanted["challenge"])
        data = self._data(wanted["rpId"], USER_PRESENT | USER_VERIFIED)
        key = ec.generate_private_key(ec.SECP256R1()) if forged else self.private
        signature = key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        handle = self.user_handle if user_handle is None else user_handle
        return self._answer(client, authenticatorData=data, signature=signature, userHandle=handle)

    def _data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + bytes(4)

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": "http://localhost:8000", "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, client: bytes, **parts: bytes) -> str:
        response = {name: websafe_encode(part) for name, part in parts.items()}
        answer = {
            "id": websafe_encode(self.pk),
            "rawId": websafe_encode(self.pk),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {"credProps": {"rk": True}},
            "response": {"clientDataJSON": websafe_encode(client), **response},
        }
        return json.dumps(answer)
