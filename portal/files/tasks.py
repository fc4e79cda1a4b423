"""Jobs about stored files."""

from procrastinate.contrib.django import app

from portal.files.services import orphans_remove


@app.periodic(cron="23 3 * * *")
@app.task(name="files.orphans_remove")
def remove_orphans(timestamp: int) -> None:
    """Each night: bytes whose transaction was rolled back, or that could not be removed when their row was."""
    orphans_remove()
