"""Where people of many organisations work: groups, and what lives in them."""

from django.urls import include, path

urlpatterns = [
    path("groups/", include("workspaces.groups.urls")),
    path("groups/<slug:slug>/chat/", include("workspaces.chat.urls")),
    path("messages/", include("workspaces.chat.conversation_urls")),
    path("groups/<slug:slug>/calendar/", include("workspaces.calendar.urls")),
    path("groups/<slug:slug>/files/", include("workspaces.files.urls")),
    path("groups/<slug:slug>/tasks/", include("workspaces.tasks.urls")),
]
