"""Pages of organisations: the profile, its editing, its standing."""
