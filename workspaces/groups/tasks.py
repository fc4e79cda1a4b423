"""Jobs of groups."""

from procrastinate.contrib.django import app

from workspaces.groups import services


@app.periodic(cron="7 * * * *")
@app.task(name="groups.guests_end")
def guests_end(timestamp: int) -> None:
    """Close the places of guests whose last day is over."""
    services.guests_end()
