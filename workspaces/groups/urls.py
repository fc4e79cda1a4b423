from django.urls import path

from workspaces.groups.views import directory, group

app_name = "groups"
urlpatterns = [
    path("", directory.groups, name="groups"),
    path("<slug:slug>/", group.group, name="group"),
]
