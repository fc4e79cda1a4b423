"""Pages of a group's calendar."""
