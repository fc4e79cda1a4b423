"""Conversations, below /messages/."""

from django.urls import include, path

from workspaces.chat.message_urls import message_patterns
from workspaces.chat.views import conversations, finding, room, settings

app_name = "conversations"
urlpatterns = [
    path("", conversations.conversations, name="all"),
    path("new/", conversations.new, name="new"),
    path("settings/", settings.settings, name="settings"),
    path("<str:key>/", conversations.conversation, name="room"),
    path("<str:key>/send/", room.send, name="send"),
    path("<str:key>/leave/", conversations.leave, name="leave"),
    path("<str:key>/pins/", finding.pins, name="pins"),
    path("<str:key>/search/", finding.search, name="search"),
    path("<str:key>/mentions/", finding.mentions, name="mentions"),
    path("<str:key>/", include(message_patterns)),
]
