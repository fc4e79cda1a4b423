from django.urls import path

from workspaces.tasks.views import reading, writing

app_name = "group_tasks"
urlpatterns = [
    path("", reading.task_list, name="tasks"),
    path("new/", writing.new, name="new"),
    path("from-message/", writing.from_message, name="from-message"),
    path("<int:number>/", reading.task, name="task"),
    path("<int:number>/edit/", writing.edit, name="edit"),
    path("<int:number>/assign/", writing.assign, name="assign"),
    path("<int:number>/done/", writing.done, name="done"),
    path("<int:number>/drop/", writing.drop, name="drop"),
    path("<int:number>/reopen/", writing.reopen, name="reopen"),
]
