"""Addresses of the import, within the directory's namespace."""

from django.urls import path

from memberships.directory.imports import views

urlpatterns = [
    path("", views.import_list, name="imports"),
    path("<int:pk>/", views.import_detail, name="import"),
    path("<int:pk>/decide/", views.import_decide, name="import-decide"),
    path("<int:pk>/confirm/", views.import_confirm, name="import-confirm"),
    path("<int:pk>/discard/", views.import_discard, name="import-discard"),
]
