"""OpenPGP keys of people (RFC 9580): reading what they upload, and encrypting to it.

Sequoia checks that the parts of a key belong together and are strong enough. Its Python functions encrypt to keys that
have expired or were revoked without a word, though (seen with 0.1.35), and so do the reading of both here. The only
module that imports pysequoia.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pysequoia import Cert, encrypt
from pysequoia.packet import Packet, PacketPile, SignatureType, Tag

LARGEST: Final = 100_000  # bytes as uploaded; a key with many certifications has 50,000
_CLOCKS: Final = timedelta(hours=24)  # how far ahead the clock may be on which a key was made
_SECRET: Final = (Tag.SecretKey, Tag.SecretSubkey)
_SECRET_MARK: Final = b"PRIVATE KEY BLOCK"

Result = TypeVar("Result")


class KeyRefused(ValueError):
    """What was uploaded is no key that mails can be encrypted to; `sentence` says why, for its owner."""

    def __init__(self, sentence: str | Promise, *, revoked: str = "") -> None:
        super().__init__("the key cannot be used")
        self.sentence = sentence
        self.revoked = revoked  # the fingerprint, where it is a key that was revoked


@dataclass(frozen=True)
class PublicKey:
    """A key that mails can be encrypted to now. `expires_at` is in UTC, None where it never does."""

    certificate: str  # armored, only what encrypting needs
    fingerprint: str  # hexadecimal, capital letters
    expires_at: datetime | None


@dataclass
class _Part:
    """A key, a subkey or a name, with the signatures that follow it."""

    packet: Packet
    signatures: list[Packet] = field(default_factory=list)


def read_key(content: bytes) -> PublicKey:
    """The one public key in `content`, armored or not. Raises KeyRefused where it cannot be used.

    Nothing of what is refused is kept or repeated: it may be the secret key.
    """
    if len(content) > LARGEST:
        raise KeyRefused(_("This is too long for a key."))
    if _SECRET_MARK in content:
        raise KeyRefused(_SECRET_SENTENCE)
    if any(tag in _SECRET for _packet, tag in _packets(content)):
        raise KeyRefused(_SECRET_SENTENCE)
    certificates = _asked(lambda: Cert.split_bytes(content)) or []
    if len(certificates) > 1:
        raise KeyRefused(_("These are several keys. Give one, the one that mails are to be encrypted to."))
    # As Sequoia writes it, each signature follows what it is about, wherever it stood in the upload.
    key = _asked(lambda: _usable(_parts(_packets(bytes(certificates[0])))))
    if key is None:
        raise KeyRefused(_("This is not a public OpenPGP key."))
    return key


def encrypted(certificate: str, content: bytes) -> bytes:
    """`content` encrypted to a key that `read_key` gave, armored, signed by nobody. Raises KeyRefused if it is over."""
    key = read_key(certificate.encode())
    closed = _asked(lambda: encrypt(recipients=[Cert.from_bytes(key.certificate.encode())], bytes=content))
    if closed is None:
        raise KeyRefused(_UNSUITABLE_SENTENCE)
    return closed


_SECRET_SENTENCE = _(
    "This is a private key. It was not kept, and nobody but you may have it. Export the public key and give that."
)
_UNSUITABLE_SENTENCE = _("Mails cannot be encrypted to this key: it is made for signing only, or too weak by now.")


def _asked(question: Callable[[], Result]) -> Result | None:
    """What Sequoia answers; None where it cannot, for whatever reason. Its messages may repeat what was uploaded."""
    try:
        return question()
    except KeyRefused:
        raise
    except BaseException as error:
        # A panic in Rust is no Exception; bytes made to cause one are refused like any others.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            return None
        raise


def _packets(content: bytes) -> list[tuple[Packet, Tag]]:
    """The packets of a key with their tags, but for those of kinds that Sequoia does not know."""
    packets = _asked(lambda: list(PacketPile.from_bytes(content))) or []
    tagged = [(packet, _asked(lambda packet=packet: packet.tag)) for packet in packets]  # type: ignore[misc]
    return [(packet, tag) for packet, tag in tagged if tag is not None]


def _usable(parts: Sequence[_Part]) -> PublicKey:
    """The part of a key that encrypting needs, with nothing expired or revoked in it. Raises KeyRefused."""
    now = timezone.now()
    primary, subkeys = parts[0], [part for part in parts if part.packet.tag == Tag.PublicSubkey]
    names = [part for part in parts if part.packet.tag == Tag.UserID]
    fingerprint = (primary.packet.fingerprint or "").upper()
    own = [_own(part, primary.packet) for part in (primary, *names)]
    ends = {id(part): _end(part) for part in subkeys}
    living = [part for part in subkeys if not _is_revoked(part) and _lives(part, ends[id(part)], now)]
    kept = [packet for part in own for packet in (part.packet, *part.signatures)]
    for part in living:
        kept += [part.packet, *_newest(part)]
    least = _asked(lambda: Cert.from_packets(kept))
    if least is None:
        raise KeyRefused(_UNSUITABLE_SENTENCE)
    if _asked(lambda: least.is_revoked):
        raise KeyRefused(_("This key was revoked."), revoked=fingerprint)
    ending = _asked(lambda: (least.expiration,))
    if ending is None:
        raise KeyRefused(_UNSUITABLE_SENTENCE)
    if ending[0] is not None and ending[0] <= now:
        raise KeyRefused(_("This key has expired. Make it valid for longer, or make a new one."))
    if not _asked(lambda: encrypt(recipients=[least], bytes=b"test")):
        if any(_is_revoked(part) for part in subkeys):
            raise KeyRefused(_("The part of this key that mails are encrypted to was revoked."), revoked=fingerprint)
        if len(living) < len(subkeys):
            raise KeyRefused(_("The part of this key that mails are encrypted to has expired."))
        raise KeyRefused(_UNSUITABLE_SENTENCE)
    return PublicKey(str(least), fingerprint, _earliest(ending[0], [ends[id(part)] for part in living]))


def _parts(packets: Sequence[tuple[Packet, Tag]]) -> list[_Part]:
    """Each part with its signatures. Whatever else a key carries, such as photographs, is left behind."""
    parts: list[_Part] = []
    for packet, tag in packets:
        if tag == Tag.Signature and parts:
            parts[-1].signatures.append(packet)
        elif tag != Tag.Signature:
            parts.append(_Part(packet))
    return parts


def _own(part: _Part, primary: Packet) -> _Part:
    """The part with the key's own signatures only: who else vouches for a person is nobody's business here."""
    mine = {primary.fingerprint, primary.key_id} - {None}
    return _Part(part.packet, [one for one in part.signatures if {one.issuer_fingerprint, one.issuer_key_id} & mine])


def _newest(part: _Part) -> list[Packet]:
    """The signature that binds a subkey now, for a later one replaces those before."""
    bindings = [one for one in part.signatures if one.signature_type == SignatureType.SubkeyBinding]
    return sorted(bindings, key=lambda one: one.signature_created or datetime.min.replace(tzinfo=UTC))[-1:]


def _is_revoked(part: _Part) -> bool:
    return any(one.signature_type == SignatureType.SubkeyRevocation for one in part.signatures)


def _end(part: _Part) -> datetime | None:
    """When a subkey ends, None where it never does."""
    created, newest = part.packet.key_created, _newest(part)
    ends = [created + one.key_validity_period for one in newest if created and one.key_validity_period]
    ends += [one.signature_expiration_time for one in newest if one.signature_expiration_time]
    return min(ends, default=None)


def _lives(part: _Part, end: datetime | None, now: datetime) -> bool:
    created = part.packet.key_created
    return (end is None or end > now) and (created is None or created <= now + _CLOCKS)


def _earliest(of_key: datetime | None, of_subkeys: Sequence[datetime | None]) -> datetime | None:
    """When the key as a whole ends: with the last of its subkeys, or before that by itself."""
    last = None if not of_subkeys or None in of_subkeys else max(end for end in of_subkeys if end)
    return min((end for end in (of_key, last) if end), default=None)
