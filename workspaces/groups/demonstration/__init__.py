"""The groups of the demonstration: real ones that are history or the rooms of real alliances, and invented ones.

Of real organisations nothing is said but what a public source says: that they were in the Tunisia Monitoring Group, or
are in an alliance. Nobody is made to work in a group for one. Whatever goes on now, goes on among invented ones.
"""

from workspaces.groups.demonstration.invented import invented_groups
from workspaces.groups.demonstration.real import real_groups

__all__ = ["invented_groups", "real_groups"]
