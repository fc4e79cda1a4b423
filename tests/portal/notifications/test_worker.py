"""Workers killed in the middle of their mails (check F2), a mail server down for an hour (F10): no mail is lost.

The same for digests: whoever dies while they are made or sent loses nothing, and what is in one is in no other.

The real worker, a process of its own, on the test's database and against a real mail server. The long form, with 2,000
mails and 50 kills, is `make drill ARGS=mail`; it sets the variables below and reads the figures that are written.
"""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from portal.notifications import services
from portal.notifications.models import Digest, Notification
from tests.factories.accounts import person
from tests.portal.notifications.smtp import MailServer

MAILS = int(os.environ.get("MAIL_DRILL_MAILS", "60"))
OUTAGE_MAILS = int(os.environ.get("MAIL_DRILL_MAILS", "20"))
KILLS = int(os.environ.get("MAIL_DRILL_KILLS", "3"))
FIGURES = os.environ.get("MAIL_DRILL_FIGURES", "")
DIGESTS = int(os.environ.get("MAIL_DRILL_DIGESTS", "30"))
IN_EACH = 5
PEOPLE = 20
SECONDS = 60 + 30 * KILLS


def database_url():
    """The test's own database, for another process."""
    entry = connection.settings_dict
    options = urlencode({"host": entry["HOST"]})
    return f"postgresql://{quote(entry['USER'])}:{quote(entry['PASSWORD'])}@/{entry['NAME']}?{options}"


def start_worker(server):
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.portal.notifications.worker_settings",
        "WORKER_MAIL": server.url,
    }
    command = [sys.executable, "manage.py", "procrastinate", "--skip-checks", "worker", "-p", "0.2"]
    return subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def kill(worker):
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    with connection.cursor() as cursor:  # two minutes pass, after which a silent worker counts as dead
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '2 minutes'")
    revive()


def revive():
    clock("tasks.revive")


def clock(task):
    """The worker's clock strikes for one of its jobs."""
    with suppress(AlreadyEnqueued):  # it did already
        app.configure_task(task, queueing_lock=task).defer(timestamp=0)


def wait_until(condition, deadline):
    while not condition():
        assert time.monotonic() < deadline, "the workers do not come to an end"
        time.sleep(0.02)


def unfinished(*tasks):
    names = tasks or ("notifications.mail_send",)
    return ProcrastinateJob.objects.filter(task_name__in=names).exclude(status="succeeded").count()


@pytest.mark.django_db(transaction=True)
def test_killed_workers_lose_no_mail():
    dice, deadline = random.Random(4711), time.monotonic() + SECONDS
    readers = [person() for _ in range(PEOPLE)]
    for number in range(MAILS // PEOPLE):
        services.notify(readers, kind="mail.key_expires", payload={"number": number})
    told = MAILS // PEOPLE * PEOPLE
    with MailServer() as server:
        worker = start_worker(server)
        try:
            for number in range(KILLS):
                aim = told * (number + 1) // (KILLS + 1)
                wait_until(lambda aim=aim: len(server.taken) >= aim, deadline)
                time.sleep(dice.random() / 20)
                kill(worker)
                worker = start_worker(server)
            while unfinished():
                began = time.monotonic()
                wait_until(lambda began=began: not unfinished() or time.monotonic() > began + 5, deadline)
                revive()
        finally:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
    figures = counted(server, told) | {"workers killed": KILLS}
    write(figures)
    assert figures["mails lost"] == 0
    assert figures["lines in inboxes"] == told
    assert figures["mails sent twice"] <= max(KILLS, told // 100)
    assert Notification.objects.filter(mailed_at__isnull=True).count() == 0


@pytest.mark.django_db(transaction=True)
def test_killed_workers_lose_and_double_no_digest():
    dice, deadline = random.Random(1147), time.monotonic() + SECONDS + DIGESTS
    readers = [person() for _ in range(DIGESTS)]
    for reader in readers:
        services.mail_times_update(reader, times=services.MailTimes(pace="daily"))
    for number in range(IN_EACH):
        payload = {"by": f"Fact {number},", "organisation": "Alpha"}
        services.notify(readers, kind="affiliation.started", payload=payload)
    Notification.objects.update(at=timezone.now() - timedelta(hours=26))  # before the last hour of everybody
    jobs = ("notifications.digests_make", "notifications.digest_send", "notifications.mail_send")
    with MailServer() as server:
        worker = start_worker(server)
        try:
            for number in range(KILLS):
                aim = DIGESTS * (number + 1) // (KILLS + 1)
                clock("notifications.digests_make")
                # By turns in the middle of making and in the middle of sending.
                done = lambda number=number: len(server.taken) if number % 2 else Digest.objects.count()  # noqa: E731
                wait_until(lambda aim=aim, done=done: done() >= aim, deadline)
                time.sleep(dice.random() / 20)
                kill(worker)
                worker = start_worker(server)
            clock("notifications.digests_make")
            while unfinished(*jobs):
                began = time.monotonic()
                wait_until(lambda began=began: not unfinished(*jobs) or time.monotonic() > began + 5, deadline)
                revive()
        finally:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
    figures = counted_digests(server) | {"workers killed": KILLS}
    write(figures)
    assert figures["digests lost"] == 0
    assert figures["facts lost"] == 0
    assert figures["facts in two digests"] == 0
    assert figures["digests sent twice"] <= max(KILLS, DIGESTS // 100)
    assert Notification.objects.filter(mailed_at__isnull=True).count() == 0
    assert Digest.objects.filter(done_at__isnull=False).count() == DIGESTS == Digest.objects.count()


def counted_digests(server):
    mails = {one.message["Message-ID"].strip(): one for one in server.taken}
    facts = Counter((one.recipients[0], fact) for one in mails.values() for fact in re.findall(r"Fact \d+", one.text))
    return {
        "digests to send": DIGESTS,
        "digests lost": DIGESTS - len({one.recipients[0] for one in mails.values()}),
        "digests sent twice": len(server.taken) - len(mails),
        "facts lost": DIGESTS * IN_EACH - len(facts),
        "facts in two digests": sum(facts.values()) - len(facts),
    }


@pytest.mark.django_db(transaction=True)
def test_an_hour_without_mail_server_loses_nothing():
    """An hour of the queue: where nothing is left but to wait, the next try is brought forward."""
    deadline, readers, slowest = time.monotonic() + 60 + OUTAGE_MAILS * 2, [person() for _ in range(PEOPLE)], 0.0
    server = MailServer()  # its port is taken, and nothing listens there
    worker = start_worker(server)
    try:
        told, slept = OUTAGE_MAILS // PEOPLE * PEOPLE, 0.0
        for number in range(OUTAGE_MAILS // PEOPLE):
            began = time.perf_counter()
            services.notify(readers, kind="mail.key_expires", payload={"number": number})
            slowest = max(slowest, time.perf_counter() - began)
        while slept < 3600:
            wait_until(lambda: nothing_due() or time.monotonic() > deadline, deadline + 1)
            slept += sleep_until_next()
        with server:
            while unfinished():
                wait_until(lambda: nothing_due() or not unfinished(), deadline)
                sleep_until_next()
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    figures = counted(server, told) | {"slowest telling, ms": round(1000 * slowest)}
    write(figures)
    assert figures["mails lost"] == 0
    assert figures["mails sent twice"] == 0
    assert figures["lines in inboxes"] == told


def nothing_due():
    waiting = ProcrastinateJob.objects.filter(task_name="notifications.mail_send")
    return not waiting.filter(status="doing").exists() and not due_now(waiting).exists()


def due_now(waiting):
    now = timezone.now()
    return waiting.filter(status="todo").filter(Q(scheduled_at__isnull=True) | Q(scheduled_at__lte=now))


def sleep_until_next():
    """Bring the queue forward to its next try. Returns the seconds that were slept through."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(extract(epoch FROM min(scheduled_at) - now()), 0) FROM procrastinate_jobs"
            " WHERE status = 'todo' AND task_name = 'notifications.mail_send'"
        )
        seconds = max(0.0, float(cursor.fetchone()[0])) + 0.001
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = scheduled_at - %s * interval '1 second'"
            " WHERE status = 'todo' AND task_name = 'notifications.mail_send'",
            [seconds],
        )
    return seconds


def counted(server, told):
    names = Counter(one.message["Message-ID"].strip() for one in server.taken)
    return {
        "mails to send": told,
        "mails lost": told - len(names),
        "mails sent twice": sum(names.values()) - len(names),
        "lines in inboxes": Notification.objects.count(),
    }


def write(figures):
    if FIGURES:
        Path(FIGURES).write_text(json.dumps(figures), encoding="utf-8")
