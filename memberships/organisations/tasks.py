"""Jobs about organisations."""

from procrastinate.contrib.django import app

from memberships.organisations.services import confirmations_remind


@app.periodic(cron="7 6 * * *")
@app.task(name="organisations.confirmations_remind", queueing_lock="organisations.confirmations_remind")
def remind_of_confirmations(timestamp: int) -> None:
    """Each morning: profiles that nobody confirmed for a year."""
    confirmations_remind()
