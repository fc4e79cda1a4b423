"""What is done with personal data: kept for its time (`retention`), handed out (`export`), erased (`erasure`)."""

from portal.privacy.services.erasure import erase, erasures_due
from portal.privacy.services.export import export_made
from portal.privacy.services.leaving import WishClosed, erasure_ask, erasure_withdraw
from portal.privacy.services.retention import retention_run

__all__ = [
    "WishClosed",
    "erase",
    "erasure_ask",
    "erasure_withdraw",
    "erasures_due",
    "export_made",
    "retention_run",
]
