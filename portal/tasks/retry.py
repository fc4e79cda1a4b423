"""How often what failed is tried again."""

from datetime import datetime
from typing import Final

from procrastinate import RetryStrategy
from procrastinate.jobs import Job
from procrastinate.retry import RetryDecision

HELD_HOURS: Final = (1,) * 8 + (6,) * 11
"""What is held back is asked about again after so many hours each time, and dropped after the last: three days.

Fewer times than a job may be put back after its worker was killed (`portal.tasks.tasks`)."""


class Held(Exception):
    """Somebody holds this back for a while: nothing failed, and it is asked for again later."""


class NotYet(Exception):
    """This is to wait until a moment, and is tried then: nothing failed. `until` is timezone-aware."""

    def __init__(self, until: datetime) -> None:
        super().__init__("it waits")
        self.until = until


class MailRetry(RetryStrategy):
    """A mail server that fails is given more and more time; what is held waits by the hour, then by the quarter day.

    What has a moment to wait for is tried then.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, NotYet):
            return RetryDecision(retry_at=exception.until)
        if isinstance(exception, Held):
            over = job.attempts >= len(HELD_HOURS)
            return None if over else RetryDecision(retry_in={"hours": HELD_HOURS[job.attempts]})
        return super().get_retry_decision(exception=exception, job=job)


# 4, 16, 64 ... seconds: seven tries within six hours, an eighth after a day.
MAIL_RETRY: Final = MailRetry(max_attempts=8, exponential_wait=4)
