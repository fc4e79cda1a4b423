"""Pages about one message, the same in the rooms of groups and in conversations."""

from django.urls import path

from workspaces.chat.views import messages, room

message_patterns = [
    path("m/<int:number>/", room.permalink, name="permalink"),
    path("m/<int:number>/actions/", messages.actions, name="actions"),
    path("m/<int:number>/edit/", messages.edit, name="edit"),
    path("m/<int:number>/delete/", messages.delete, name="delete"),
    path("m/<int:number>/history/", messages.history, name="history"),
    path("m/<int:number>/seen/", messages.seen, name="seen"),
    path("m/<int:number>/react/", messages.react, name="react"),
    path("m/<int:number>/pin/", messages.pin, name="pin"),
]
