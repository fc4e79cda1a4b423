"""The part of the drill `idempotency` that knows the models: a process of its own, on the drill's database.

`prepare` migrates and makes the small network of the tests; `send` sends each form of the tests' table; `kill` sends
one of them to servers that are killed; `cost` measures one write with and without all this.
"""

from __future__ import annotations

import json
import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from statistics import median
from threading import Barrier
from typing import Any

import django

django.setup()

import psycopg  # noqa: E402 - Django is set up first
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart  # noqa: E402

from portal.accounts.models import User  # noqa: E402
from portal.idempotency.keys import FIELD, new_key  # noqa: E402
from tests.architecture import world as worlds  # noqa: E402
from tests.architecture.forms import FORMS, Form  # noqa: E402
from tests.architecture.pages import PageForm  # noqa: E402
from tests.architecture.sending import address_of, opened, sender  # noqa: E402
from tests.architecture.test_extra_fields import changes, contents, sent  # noqa: E402
from tests.keys import send_keys  # noqa: E402

AT_ONCE = 20
KILLS = 20
WRITES = 200
ANSWER_SECONDS = 60
COME_AGAIN = 409
DONE = b"This has been done"

Contents = dict[str, dict[str, dict[str, Any]]]


@dataclass
class Answer:
    """What one of the requests got."""

    status: int
    location: str
    body: bytes
    again: bool


def prepare() -> None:
    """Migrate, and make the network."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    worlds.make_world()


def world_again() -> worlds.World:
    """The network of `prepare`, read from the database."""
    known = {person.name: person for person in User.objects.all()}
    organisations = {found.slug: found for found in worlds.Organisation.objects.all()}
    names = {
        worlds.UNAFFILIATED: "Una Filiated", worlds.GUEST: "Gus Guest", worlds.OTHER: "Otto Other",
        worlds.AT_RISK: "Ria Risk", worlds.STAFF: "Sam Staff", worlds.DELEGATE: "Dela Gate",
        worlds.ADMINISTRATOR: "Ada Ministrator", worlds.SECRETARIAT: "Sekou Retariat", worlds.SUPERUSER: "Sue Peruser",
    }  # fmt: skip
    return worlds.World(
        alpha=organisations["alpha-press-union"],
        beta=organisations["beta-media-watch"],
        hidden=organisations["hidden-voices"],
        people={role: known[name] for role, name in names.items() if name in known},
    )


def send(administration: str, *ports: str) -> dict[str, Any]:
    """Each form that writes, on a fresh copy of the database."""
    send_keys()
    wrong: dict[str, str] = {}
    told, times = Counter[int](), []
    labels = sorted(label for label, form in FORMS.items() if form.writes)
    for label in labels:
        _fresh(administration)
        try:
            answers, milliseconds, problem = _sent_at_once(FORMS[label], [int(port) for port in ports])
        except Exception as error:
            wrong[label] = f"{type(error).__name__}: {error}"[:300]
            continue
        told.update(answer.status for answer in answers)
        times.append(milliseconds)
        if problem:
            wrong[label] = problem
    return {
        "forms": len(labels),
        "requests": sum(told.values()),
        "told to come again": told[COME_AGAIN],
        "ms": round(median(times)) if times else 0,
        "wrong": wrong,
    }


def kill(administration: str, *ports: str) -> dict[str, Any]:
    """A form sent to a server that is killed while it works, and again, with the same key, to one that lives."""
    send_keys()
    dice = random.Random(KILLS)
    outcomes = Counter[str]()
    for _ in range(KILLS):
        _fresh(administration)
        world = world_again()
        form = FORMS["invite a colleague"]
        _status, once = sent(form, world, {})
        shown, headers, body, before = _ready(form, world)
        with daphne() as (victim, port):
            began = threading.Thread(target=_ignoring, args=(port, shown.action, body, headers))
            began.start()
            time.sleep(dice.uniform(0.005, 0.25))
            victim.kill()
            began.join()
        lost = changes(before, contents())
        connection.close()
        answers = [_posted(int(port), shown.action, body, headers) for port in ports]
        problem = _problem(answers, [kind[:2] for kind in once], changes(before, contents()), firsts=int(not lost))
        outcomes[problem or ("had been done" if lost else "had not been done")] += 1
    return {"kills": KILLS, "outcomes": dict(outcomes)}


def cost(administration: str) -> dict[str, Any]:
    """Milliseconds of a write (a person's preferences) with keys, and with the middleware taken out."""
    send_keys()
    _fresh(administration)
    person = world_again().people[worlds.STAFF]
    rest = [name for name in settings.MIDDLEWARE if "idempotency" not in name]
    times: dict[str, list[float]] = {"without": [], "with": [], "again": []}
    with override_settings(MIDDLEWARE=rest):
        bare = Client()
        bare.force_login(person)
        bare.get("/accounts/")  # its chain of middleware is made now
    keyed = Client()
    keyed.force_login(person)
    for number in range(WRITES):
        key = new_key()
        data = {"name": f"Sam Staff {number}", "language": "en", "time_zone": "UTC", "appearance": "auto", FIELD: key}
        for name, client in (("with", keyed), ("again", keyed), ("without", bare)):
            if name == "without":
                data["name"] += " again"  # a change of its own
            began = time.perf_counter()
            answer = client.post("/accounts/", data)
            times[name].append(time.perf_counter() - began)
            assert answer.status_code == 302, answer.status_code
    return {name: round(median(found[WRITES // 10 :]) * 1000, 2) for name, found in times.items()}


def _ignoring(*request: Any) -> None:
    with suppress(OSError, HTTPException):
        _posted(*request)


@contextmanager
def daphne() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A web server on the drill's database, and its port; it ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "portal.asgi:application"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while process.poll() is None:
            with suppress(OSError):
                to = HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
                to.request("GET", "/accounts/login/")
                to.getresponse().read()
                break
            time.sleep(0.1)
        yield process, port
    finally:
        process.kill()
        process.wait()


def _fresh(administration: str) -> None:
    connection.close()
    with psycopg.connect(administration, autocommit=True) as server:
        server.execute("DROP DATABASE live WITH (FORCE)")
        server.execute("CREATE DATABASE live TEMPLATE prepared")


def _sent_at_once(form: Form, ports: list[int]) -> tuple[list[Answer], int, str]:
    world = world_again()
    if form.given is not None:
        form.given(world)
    address_of(form, world)
    _status, once = sent(form, world, {})  # undone again: what sending it once changes
    shown, headers, body, before = _ready(form, world)

    start = Barrier(AT_ONCE)

    def post(number: int) -> Answer:
        start.wait()
        return _posted(ports[number % len(ports)], shown.action, body, headers, number)

    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(post, range(AT_ONCE)))
    milliseconds = round((time.perf_counter() - began) * 1000)
    firsts = None if form.route in settings.WRITES_WITHOUT_KEY else 1
    found = changes(before, contents())
    return answers, milliseconds, _problem(answers, [kind[:2] for kind in once], found, firsts=firsts)


def _ready(form: Form, world: worlds.World) -> tuple[PageForm, dict[str, str], bytes, Contents]:
    """The form on its page, the headers and the body that a browser would send, and what the database holds before."""
    client = sender(world, form)
    shown = opened(form, world, client)
    client.get("/accounts/login/")
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    token = client.cookies["csrftoken"].value
    before = contents()  # as `sent` does it: some data is made when it is asked for
    data = {**shown.values, **form.data(world), FIELD: new_key(), "csrfmiddlewaretoken": token}
    headers = {"Host": "localhost", "Cookie": cookie, "Content-Type": MULTIPART_CONTENT}
    body = encode_multipart(BOUNDARY, data)
    connection.close()
    return shown, headers, body, before


def _posted(port: int, path: str, body: bytes, headers: dict[str, str], number: int = 0) -> Answer:
    # Each from an address of its own: the wall counts requests by address.
    source = (f"127.0.1.{number + 1}", 0)
    with closing(HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS, source_address=source)) as to:
        to.request("POST", path, body, headers)
        answer = to.getresponse()
        again = "Idempotent-Replayed" in answer.headers
        return Answer(answer.status, answer.headers.get("Location", ""), answer.read(), again)


def _problem(answers: list[Answer], expected: list[tuple[str, str]], found: list[Any], *, firsts: int | None) -> str:
    """What is wrong, in words; nothing where it was done once.

    `firsts`: how many are not the answer again; None for what is the same twice as once and needs no key.
    """
    done = [answer for answer in answers if answer.status != COME_AGAIN]
    if any(answer.status >= 400 for answer in done):
        return f"answers {sorted({answer.status for answer in done})}"
    # Of a file, and of a page by an act that signs out, the others hear only that it was done.
    alike = [answer for answer in done if not (answer.again and DONE in answer.body)]
    if firsts is not None and len({(answer.status, answer.location, answer.body) for answer in alike}) != 1:
        return f"different answers: {sorted({(answer.status, answer.location) for answer in done})}"
    if firsts is not None and sum(not answer.again for answer in done) != firsts:
        return f"done {sum(not answer.again for answer in done)} times"
    once, now = Counter(expected), Counter(change[:2] for change in found)
    # The record is chained when a transaction is committed; the one that was undone never was.
    if now.pop(("audit_link", "added"), 0) > now["audit_entry", "added"]:
        return "the record was chained more often than written"
    return "" if once == now else f"once: {dict(once - now)}, at once: {dict(now - once)}"


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare()
    else:
        print(json.dumps({"send": send, "kill": kill, "cost": cost}[sys.argv[1]](*sys.argv[2:])))
