"""Jobs of the groups' tasks."""

from django.utils import timezone
from procrastinate.contrib.django import app

from workspaces.tasks import services


@app.periodic(cron="1-59/15 * * * *")  # 8:00 comes on a quarter of an hour in every zone
@app.task(name="group_tasks.remind", queueing_lock="group_tasks.remind")
def remind(timestamp: int) -> None:
    """Remind those for whom it is 8:00 of what is due tomorrow and today."""
    services.reminders_send(timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="group_tasks.free", queueing_lock="group_tasks.free")
def free(timestamp: int) -> None:
    """Free the tasks of people who lost their place."""
    services.tasks_free()
