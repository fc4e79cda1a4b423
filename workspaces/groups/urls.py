from django.urls import path

from workspaces.groups.views import group

app_name = "groups"
urlpatterns = [
    path("<slug:slug>/", group.group, name="group"),
]
