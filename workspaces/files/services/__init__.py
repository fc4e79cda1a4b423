"""Writes of a group's files: adding them and their versions, changing and deleting them, folders, space."""

from workspaces.files.services.adding import Added, attach, files_add, version_add
from workspaces.files.services.deleting import bytes_remove, file_delete
from workspaces.files.services.editing import file_edit
from workspaces.files.services.folders import folder_create, folder_delete, folder_edit
from workspaces.files.services.spacing import space_set

__all__ = [
    "Added",
    "attach",
    "bytes_remove",
    "file_delete",
    "file_edit",
    "files_add",
    "folder_create",
    "folder_delete",
    "folder_edit",
    "space_set",
    "version_add",
]
