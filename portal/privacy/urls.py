from django.urls import path

from portal.privacy import views

app_name = "privacy"
urlpatterns = [
    path("", views.held, name="held"),
    path("notice/", views.notice, name="notice"),
    path("export/", views.export, name="export"),
    path("leave/", views.leave, name="leave"),
    path("return/<str:token>/", views.come_back, name="return"),
    path("erasures/", views.erasures, name="erasures"),
    path("erasures/<int:pk>/withdraw/", views.erasure_withdraw, name="erasure-withdraw"),
    path("people/<int:pk>/erase/", views.erase, name="erase"),
]
