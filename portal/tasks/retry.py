"""How often what failed is tried again."""

from typing import Final

from procrastinate import RetryStrategy

# 4, 16, 64 ... seconds: seven tries within six hours, an eighth after a day.
MAIL_RETRY: Final = RetryStrategy(max_attempts=8, exponential_wait=4)
