"""Headers that every answer carries beside those Django and the content security policy set."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# No page uses any of these; a page that one day does takes its feature off the list.
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in ("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media",
                    "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone",
                    "midi", "payment", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking")
)  # fmt: skip


class HeadersMiddleware:
    """Nothing of ours is embedded elsewhere, and what a signed-in person saw stays in no cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            # A shared computer's back button must not show what was read before signing out.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
