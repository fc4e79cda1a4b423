"""The room of a group, below /groups/<slug>/chat/."""

from django.urls import path

from workspaces.chat.message_urls import message_patterns
from workspaces.chat.views import decisions, finding, messages, room, settings, topics

app_name = "chat"
urlpatterns = [
    path("", room.room, name="room"),
    path("new/", topics.new, name="topic-new"),
    path("closed/", topics.closed, name="closed"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("pins/", finding.pins, name="pins"),
    path("search/", finding.search, name="search"),
    path("mentions/", finding.mentions, name="mentions"),
    path("settings/", settings.settings, name="settings"),
    path("settings/retention/", settings.retention, name="retention"),
    path("<int:topic>/", room.topic, name="topic"),
    path("<int:topic>/send/", room.send, name="send"),
    path("<int:topic>/edit/", topics.edit, name="topic-edit"),
    path("<int:topic>/close/", topics.close, name="topic-close"),
    path("<int:topic>/reopen/", topics.reopen, name="topic-reopen"),
    path("<int:topic>/pin/", topics.pin, name="topic-pin"),
    path("<int:topic>/merge/", topics.merge, name="topic-merge"),
    *message_patterns,
    path("m/<int:number>/move/", messages.move, name="move"),
    path("m/<int:number>/propose/", decisions.propose, name="propose"),
    path("m/<int:number>/position/", decisions.position, name="position"),
]
