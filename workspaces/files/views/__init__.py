"""Pages of a group's files."""
