"""The test client sends an idempotency key with every write, as every form of the site does.

Each post of a test is an act of its own: it gets a fresh key in the header, unless it carries one (the field of a form
that was read from its page) or says otherwise by giving the header itself, empty for none.
"""

from collections.abc import Callable
from typing import Any

from django.test.client import RequestFactory

from portal.idempotency.keys import FIELD, HEADER, SAFE, new_key

NAME = "HTTP_" + HEADER.upper().replace("-", "_")


def send_keys() -> None:
    """Let every test client do so; called once, when the tests begin."""
    RequestFactory.generic = with_key(RequestFactory.generic)


def with_key(generic: Callable[..., Any]) -> Callable[..., Any]:
    def generic_with_key(
        self: RequestFactory,
        method: str,
        path: str,
        data: Any = "",
        content_type: str = "application/octet-stream",
        secure: bool = False,
        *,
        headers: dict[str, str] | None = None,
        query_params: dict[str, str] | None = None,
        **extra: Any,
    ) -> Any:
        given = {name.lower() for name in headers or {}} | {name.lower() for name in extra}
        body = data.encode() if isinstance(data, str) else bytes(data)
        if method not in SAFE and not given & {HEADER.lower(), NAME.lower()} and FIELD.encode() not in body:
            extra[NAME] = new_key()
        return generic(
            self, method, path, data, content_type, secure, headers=headers, query_params=query_params, **extra
        )

    return generic_with_key
