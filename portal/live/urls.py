from django.urls import URLPattern, URLResolver, path

from portal.live import views

app_name = "live"
urlpatterns: list[URLPattern | URLResolver] = [
    path("poll/", views.poll, name="poll"),
    path("command/", views.command, name="command"),
]
