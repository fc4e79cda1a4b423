"""Jobs of groups."""

from procrastinate.contrib.django import app

from workspaces.groups import services


@app.periodic(cron="7 * * * *")
@app.task(name="groups.guests_end")
def guests_end(timestamp: int) -> None:
    """Close the places of guests whose last day is over."""
    services.guests_end()


@app.periodic(cron="17 6 * * *")
@app.task(name="groups.dates_remind", queueing_lock="groups.dates_remind")
def dates_remind(timestamp: int) -> None:
    """Each morning: review and end dates that come near."""
    services.dates_remind()
