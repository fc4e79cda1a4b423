"""Mounted in the demonstration only."""

from django.urls import path

from portal.demonstration import views

app_name = "demonstration"
urlpatterns = [
    path("components/", views.components, name="components"),
    path("mails/", views.mails, name="mails"),
    path("mails/<slug:name>/", views.mail, name="mail"),
]
