"""Jobs of rooms."""

from procrastinate.contrib.django import app

from workspaces.chat import services


@app.periodic(cron="*/5 * * * *")
@app.task(name="chat.decisions_settle")
def decisions_settle(timestamp: int) -> None:
    """Record the decisions whose time is over."""
    services.decisions_settle()


@app.periodic(cron="11 * * * *")
@app.task(name="chat.messages_vanish")
def messages_vanish(timestamp: int) -> None:
    """Remove the messages whose time is over."""
    services.messages_vanish()
