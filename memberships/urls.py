"""Who: organisations, people, and the directory that finds them."""

from django.urls import include, path

urlpatterns = [
    path("members/", include("memberships.directory.urls")),
    path("organisations/", include("memberships.organisations.urls")),
    path("people/", include("memberships.people.urls")),
]
