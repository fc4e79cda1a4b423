"""The site map. Apps are named, never imported."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("portal.home.urls")),
    path("accounts/", include("portal.accounts.urls")),
    path("audit/", include("portal.audit.urls")),
    path("files/", include("portal.files.urls")),
    path("notifications/", include("portal.notifications.urls")),
    path("privacy/", include("portal.privacy.urls")),
    path("search/", include("portal.search.urls")),
    path("live/", include("portal.live.urls")),
    path("", include("memberships.urls")),
    path("", include("workspaces.urls")),
]

if settings.DEMONSTRATION:
    urlpatterns.append(path("demonstration/", include("portal.demonstration.urls")))

handler400 = "portal.ui.views.bad_request"
handler403 = "portal.ui.views.forbidden"
handler404 = "portal.ui.views.not_found"
handler500 = "portal.ui.views.server_error"
