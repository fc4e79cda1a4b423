"""The hub of this process; see `core`."""

from portal.live.hub.core import Hub
from portal.live.hub.layer import Absence, group_of, several_processes
from portal.live.hub.reader import Owner, Reader

__all__ = ("Absence", "Hub", "Owner", "Reader", "group_of", "hub", "several_processes")

hub = Hub()
