"""Settings of the workers that tests start: those of the tests, with the mail server that the test runs."""

from portal import environment
from tests.settings import *  # noqa: F403

globals().update(environment.mail("WORKER_MAIL"))
