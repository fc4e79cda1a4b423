"""Mails: made in the reader's language, encrypted or content-free where that is theirs, and sent with care.

`making` writes them and is the only way to one, `keys` knows OpenPGP, `sealing` makes PGP/MIME, `outgoing` hands them
to the mail server, `links` are those in their headers.
"""

from portal.notifications.mails.links import address_of
from portal.notifications.mails.making import Neutral, mail_to_address, mail_to_person

__all__ = ["Neutral", "address_of", "mail_to_address", "mail_to_person"]
