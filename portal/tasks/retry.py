"""How often what failed is tried again."""

from typing import Final

from procrastinate import RetryStrategy
from procrastinate.jobs import Job
from procrastinate.retry import RetryDecision

HELD_HOURS: Final = (1,) * 8 + (6,) * 11
"""What is held back is asked about again after so many hours each time, and dropped after the last: three days.

Fewer times than a job may be put back after its worker was killed (`portal.tasks.tasks`)."""


class Held(Exception):
    """Somebody holds this back for a while: nothing failed, and it is asked for again later."""


class MailRetry(RetryStrategy):
    """A mail server that fails is given more and more time; what is held waits by the hour, then by the quarter day."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, Held):
            over = job.attempts >= len(HELD_HOURS)
            return None if over else RetryDecision(retry_in={"hours": HELD_HOURS[job.attempts]})
        return super().get_retry_decision(exception=exception, job=job)


# 4, 16, 64 ... seconds: seven tries within six hours, an eighth after a day.
MAIL_RETRY: Final = MailRetry(max_attempts=8, exponential_wait=4)
