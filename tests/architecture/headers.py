"""The headers that every answer carries (check C1)."""

from typing import Any


def wrong_headers(answer: Any) -> list[str]:
    """What is wrong with the headers of an answer, in one word each."""
    policy = answer.headers.get("Content-Security-Policy", "")
    directives = {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.strip()}
    loose = [source for sources in directives.values() for source in sources if source not in {"'self'", "'none'"}]
    wanted = {
        "default-src": directives.get("default-src") == ["'none'"],
        "no loose source": loose == [] or directives.keys() == {"default-src", "sandbox"},
        "nosniff": answer.headers.get("X-Content-Type-Options") == "nosniff",
        "frames": answer.headers.get("X-Frame-Options") == "DENY",
        "referrer": answer.headers.get("Referrer-Policy") == "same-origin",
        "opener": answer.headers.get("Cross-Origin-Opener-Policy") == "same-origin",
        "resource": answer.headers.get("Cross-Origin-Resource-Policy") == "same-origin",
        "embedder": answer.headers.get("Cross-Origin-Embedder-Policy") == "require-corp",
        "permissions": "geolocation=()" in answer.headers.get("Permissions-Policy", ""),
    }
    return [name for name, right in wanted.items() if not right]


def loosely_made(answer: Any) -> list[str]:
    """What of a page of ours would not run under the policy, or would be kept by a cache."""
    body = answer.getvalue()
    found = [mark for mark in ("style=", "onclick=") if mark.encode() in body]
    return found + ([] if "no-store" in answer.headers.get("Cache-Control", "") else ["may be kept"])
