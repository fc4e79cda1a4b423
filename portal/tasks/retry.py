"""How often what failed is tried again."""

from typing import Final

from procrastinate import RetryStrategy
from procrastinate.jobs import Job
from procrastinate.retry import RetryDecision

HELD_HOURS: Final = 72
"""What is held back is asked about every hour, and dropped after so many."""


class Held(Exception):
    """Somebody holds this back for a while: nothing failed, and it is asked for again in an hour."""


class MailRetry(RetryStrategy):
    """A mail server that fails is given more and more time; what is held waits in equal steps."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, Held):
            return RetryDecision(retry_in={"hours": 1}) if job.attempts < HELD_HOURS else None
        return super().get_retry_decision(exception=exception, job=job)


# 4, 16, 64 ... seconds: seven tries within six hours, an eighth after a day.
MAIL_RETRY: Final = MailRetry(max_attempts=8, exponential_wait=4)
