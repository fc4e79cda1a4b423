"""A member who reads while others attack: `python -m drills._member` with address, cookies and certificate on stdin.

Reads until stdin closes, then prints what it was like. A process of its own, so that the attack's own work does not
slow down its clock.
"""

from __future__ import annotations

import json
import select
import ssl
import sys
import time

import httpx

PAGES = ("/", "/members/", "/accounts/")
PAUSE = 0.2


def main() -> None:
    """One page after the other."""
    given = json.loads(sys.stdin.readline())
    trust = ssl.create_default_context(cafile=given["certificate"]) if given["certificate"] else True
    times, wrong = [], 0
    with httpx.Client(base_url=given["address"], cookies=given["cookies"], verify=trust, timeout=60) as client:
        number = 0
        while not select.select([sys.stdin], [], [], PAUSE)[0]:
            began = time.perf_counter()
            try:
                status = client.get(PAGES[number % len(PAGES)]).status_code
            except httpx.HTTPError:
                status = 599
            times.append(time.perf_counter() - began)
            wrong += status != 200
            number += 1
    ordered = sorted(times)
    print(json.dumps({
        "pages": len(times), "wrong": wrong, "p50": ordered[len(ordered) // 2] if ordered else 0,
        "p95": ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] if ordered else 0,
    }))  # fmt: skip


if __name__ == "__main__":
    main()
