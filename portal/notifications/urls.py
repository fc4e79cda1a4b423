from django.urls import URLPattern, URLResolver, path

from portal.notifications import views

app_name = "notifications"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.inbox, name="inbox"),
    path("bell/", views.bell, name="bell"),
    path("read/", views.read_all, name="read-all"),
    path("preferences/", views.preferences, name="preferences"),
    path("levels/<str:scope>/", views.level, name="level"),
    path("key/", views.key, name="key"),
    path("key/remove/", views.key_remove, name="key-remove"),
    path("returned/", views.returned, name="returned"),
    path("returned/<int:pk>/forget/", views.returned_forget, name="returned-forget"),
    path("stop/<str:token>/", views.stop, name="stop"),
    path("<int:pk>/", views.open_notification, name="open"),
    path("<int:pk>/read/", views.read, name="read"),
]
