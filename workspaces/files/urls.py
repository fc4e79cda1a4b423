from django.urls import path

from workspaces.files.views import adding, changing, folders, reading, space

app_name = "group_files"
urlpatterns = [
    path("", reading.file_list, name="files"),
    path("deleted/", reading.deleted, name="deleted"),
    path("upload/", adding.upload, name="upload"),
    path("space/", space.space, name="space"),
    path("folders/new/", folders.new, name="folder-new"),
    path("folders/<int:number>/", reading.folder, name="folder"),
    path("folders/<int:number>/edit/", folders.edit, name="folder-edit"),
    path("folders/<int:number>/delete/", folders.delete, name="folder-delete"),
    path("<int:number>/", reading.file, name="file"),
    path("<int:number>/version/", adding.version, name="version"),
    path("<int:number>/edit/", changing.edit, name="edit"),
    path("<int:number>/delete/", changing.delete, name="delete"),
]
