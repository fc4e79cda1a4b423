"""The hub of this process; see `core`."""

from portal.live.hub.core import Hub
from portal.live.hub.layer import group_of
from portal.live.hub.reader import Owner, Reader

__all__ = ("Hub", "Owner", "Reader", "group_of", "hub")

hub = Hub()
