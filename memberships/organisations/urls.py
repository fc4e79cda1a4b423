from django.urls import path

from memberships.organisations.views import edit, profile, record, standing

app_name = "organisations"
urlpatterns = [
    path("new/", profile.new, name="new"),
    path("<slug:slug>/", profile.profile, name="profile"),
    path("<slug:slug>/confirm/", profile.confirm, name="confirm"),
    path("<slug:slug>/history/", profile.history, name="history"),
    path("<slug:slug>/record/", record.record, name="record"),
    path("<slug:slug>/edit/", edit.overview, name="edit"),
    path("<slug:slug>/edit/<slug:part>/", edit.section, name="edit-section"),
    path("<slug:slug>/logo/remove/", edit.logo_remove, name="logo-remove"),
    path("<slug:slug>/standing/", standing.standing, name="standing"),
    path("<slug:slug>/alliances/join/", standing.alliance_join, name="alliance-join"),
    path("<slug:slug>/alliances/<slug:alliance>/leave/", standing.alliance_leave, name="alliance-leave"),
]
