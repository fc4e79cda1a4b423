from django.urls import path

from portal.files import views

app_name = "files"
urlpatterns = [path("<uuid:token>/", views.download, name="download")]
