"""Mounted everywhere; the component sheet is there in the demonstration only."""

from django.conf import settings
from django.urls import URLPattern, path

from portal.ui import views

app_name = "ui"
urlpatterns: list[URLPattern] = []

if settings.DEMONSTRATION:
    urlpatterns.append(path("demonstration/components/", views.component_sheet, name="component-sheet"))
