"""The score of the HTTP Observatory for one answer.

Source: mozilla/http-observatory, httpobs/docs/scoring.md (27 February 2024); MDN runs the same rules. Only what our
answers can meet or miss is here: a rule that is not met counts as the worst of its kind. Bonuses count only where the
score without them is 90 or more. A+ begins at 100.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit


def score(headers: Mapping[str, str], cookies: Sequence[str], *, redirected_to: str) -> int:
    """Points; `cookies` are the Set-Cookie lines, `redirected_to` where http led to."""
    modifiers = [
        _policy(headers.get("content-security-policy", "")),
        _cookies(cookies),
        -50 if headers.get("access-control-allow-origin") else 0,
        0 if urlsplit(redirected_to).scheme == "https" else -20,
        5 if headers.get("referrer-policy") in {"same-origin", "no-referrer", "strict-origin"} else 0,
        0 if _age(headers.get("strict-transport-security", "")) >= 15_768_000 else -20,
        0 if headers.get("x-content-type-options") == "nosniff" else -5,
        5 if "frame-ancestors 'none'" in headers.get("content-security-policy", "") else -20,
        10 if headers.get("cross-origin-resource-policy") == "same-origin" else 0,
    ]
    without = 100 + sum(modifier for modifier in modifiers if modifier < 0)
    return without + sum(modifier for modifier in modifiers if modifier > 0) if without >= 90 else without


def _policy(policy: str) -> int:
    if not policy:
        return -25
    if "unsafe" in policy or "http:" in policy or "data:" in policy.partition("script-src")[2].partition(";")[0]:
        return -20
    return 10 if "default-src 'none'" in policy else 5


def _cookies(cookies: Sequence[str]) -> int:
    if not cookies:
        return 0
    lines = [cookie.lower() for cookie in cookies]
    if not all("; secure" in line for line in lines):
        return -20
    if not all("; httponly" in line for line in lines):
        return -30
    return 5 if all("; samesite" in line for line in lines) else 0


def _age(policy: str) -> int:
    for part in policy.split(";"):
        name, _, value = part.strip().partition("=")
        if name == "max-age" and value.isdigit():
            return int(value)
    return 0
