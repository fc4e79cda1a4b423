from django.urls import path

from memberships.people.views import acting, invitations, lockdown, person, recovery, team

app_name = "people"
urlpatterns = [
    path("<int:pk>/", person.person, name="person"),
    path("<int:pk>/lock-down/", lockdown.lock_down, name="lock-down"),
    path("me/edit/", person.edit, name="profile-edit"),
    path("acting-for/", acting.choose, name="acting-for"),
    path("organisations/<slug:slug>/", team.team, name="team"),
    path("organisations/<slug:slug>/invite/", invitations.invite, name="invite"),
    path("organisations/<slug:slug>/invitations/<int:pk>/resend/", invitations.resend, name="invitation-resend"),
    path("organisations/<slug:slug>/invitations/<int:pk>/revoke/", invitations.revoke, name="invitation-revoke"),
    path("organisations/<slug:slug>/hand-over/", team.handover, name="handover"),
    path("organisations/<slug:slug>/<int:pk>/edit/", team.affiliation_edit, name="affiliation-edit"),
    path("organisations/<slug:slug>/<int:pk>/end/", team.affiliation_end, name="affiliation-end"),
    path("recovery/", recovery.recovery, name="recovery"),
    path("recovery/<slug:slug>/", recovery.recover, name="recover"),
]
