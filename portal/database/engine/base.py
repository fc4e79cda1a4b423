"""The name of this module is Django's: it looks for ``<ENGINE>.base.DatabaseWrapper``."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection

from portal.database.embedded import Cluster


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL as Django knows it, on the cluster in the setting ``EMBEDDED``."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection[Any]:
        """A connection, to a server that is started if need be."""
        cluster: Cluster = self.settings_dict["EMBEDDED"]
        cluster.attach()
        connection: Connection[Any] = super().get_new_connection(conn_params)
        return connection
