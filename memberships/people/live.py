"""The live topics about people, and who may follow them."""

from memberships.people.policies import visible_to
from portal.accounts.models import User


def may_follow_person(reader: User, key: str) -> bool:
    """`person:<pk>`: whoever may see the person."""
    return key.isascii() and key.isdecimal() and len(key) < 19 and visible_to(reader).filter(pk=int(key)).exists()


def may_follow_rights(reader: User, key: str) -> bool:
    """`rights:<pk>`: only one's own."""
    return reader.is_active and key == str(reader.pk)
