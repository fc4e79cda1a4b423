"""The clock's own jobs: nothing queued is lost with a killed worker, nothing done is kept for ever."""

from typing import Final

from procrastinate import JobContext
from procrastinate.contrib.django import app

SUCCEEDED_KEPT_HOURS: Final = 24  # what a job carried may name people
FAILED_KEPT_HOURS: Final = 30 * 24
ATTEMPTS_AT_MOST: Final = 20  # a job that kills every worker is given up


@app.periodic(cron="* * * * *")
@app.task(name="tasks.revive", pass_context=True, queueing_lock="tasks.revive")
async def revive(context: JobContext, timestamp: int) -> None:
    """Put jobs back whose worker was killed while it ran them; handlers must bear running twice."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        if job.attempts < ATTEMPTS_AT_MOST:
            await manager.retry_job(job)


@app.periodic(cron="43 2 * * *")
@app.task(name="tasks.tidy_jobs", pass_context=True)
async def tidy_jobs(context: JobContext, timestamp: int) -> None:
    """Forget jobs that are done: those that succeeded after a day, those that failed after a month."""
    manager = context.app.job_manager
    await manager.delete_old_jobs(SUCCEEDED_KEPT_HOURS)
    await manager.delete_old_jobs(FAILED_KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True)
