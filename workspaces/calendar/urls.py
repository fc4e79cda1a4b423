from django.urls import path

from workspaces.calendar.views import reading, writing

app_name = "group_calendar"
urlpatterns = [
    path("", reading.calendar, name="calendar"),
    path("meetings.ics", reading.whole, name="whole"),
    path("new/", writing.new, name="new"),
    path("<int:number>/", reading.meeting, name="meeting"),
    path("<int:number>/meeting.ics", reading.file, name="file"),
    path("<int:number>/edit/", writing.edit, name="edit"),
    path("<int:number>/cancel/", writing.cancel, name="cancel"),
    path("<int:number>/minutes/", writing.minutes, name="minutes"),
]
