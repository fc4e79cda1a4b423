"""Jobs of a group's files."""

from procrastinate.contrib.django import app

from workspaces.files import services


@app.task(name="group_files.bytes_remove")
def remove_bytes(file_id: int) -> None:
    """Remove what a deleted file held."""
    services.bytes_remove(file_id)
