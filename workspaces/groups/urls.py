from django.urls import path

from workspaces.groups.views import coming, directory, group, inviting, overview, participants, saying, state

app_name = "groups"
urlpatterns = [
    path("", directory.groups, name="groups"),
    path("new/", saying.propose, name="new"),
    path("overview/", overview.overview, name="overview"),
    path("rules/", overview.rules, name="rules"),
    path("<slug:slug>/", group.group, name="group"),
    path("<slug:slug>/edit/", saying.edit, name="edit"),
    path("<slug:slug>/visibility/", saying.visibility, name="visibility"),
    path("<slug:slug>/activate/", state.activate, name="activate"),
    path("<slug:slug>/decline/", state.decline, name="decline"),
    path("<slug:slug>/withdraw/", state.withdraw, name="withdraw"),
    path("<slug:slug>/dissolve/", state.dissolve, name="dissolve"),
    path("<slug:slug>/reopen/", state.reopen, name="reopen"),
    path("<slug:slug>/join/", coming.join, name="join"),
    path("<slug:slug>/leave/", coming.leave, name="leave"),
    path("<slug:slug>/approaches/<int:number>/answer/", coming.answer, name="approach-answer"),
    path("<slug:slug>/approaches/<int:number>/withdraw/", coming.withdraw, name="approach-withdraw"),
    path("<slug:slug>/participants/", participants.participants, name="participants"),
    path("<slug:slug>/participants/<int:number>/remove/", participants.remove, name="remove"),
    path("<slug:slug>/participants/<int:number>/appoint/", participants.appoint, name="appoint"),
    path("<slug:slug>/participants/<int:number>/dismiss/", participants.dismiss, name="dismiss"),
    path("<slug:slug>/participants/<int:number>/prolong/", participants.prolong, name="prolong"),
    path("<slug:slug>/organisations/<slug:organisation>/name/", participants.name, name="name"),
    path("<slug:slug>/organisations/<slug:organisation>/remove/", participants.take_out, name="organisation-remove"),
    path("<slug:slug>/invite/", inviting.organisation, name="invite"),
    path("<slug:slug>/invite/person/", inviting.person, name="invite-person"),
    path("<slug:slug>/invite/guest/", inviting.guest, name="invite-guest"),
    path("<slug:slug>/guests/<int:number>/withdraw/", inviting.guest_withdraw, name="guest-withdraw"),
]
