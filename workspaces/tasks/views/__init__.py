"""Pages of a group's tasks."""
