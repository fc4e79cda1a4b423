"""Taking in uploads, and letting go of what is stored."""

from portal.files.services.documents import document_store
from portal.files.services.pictures import picture_store
from portal.files.services.storing import file_remove, file_rename, files_of_person_remove, orphans_remove, store

__all__ = [
    "document_store",
    "file_remove",
    "file_rename",
    "files_of_person_remove",
    "orphans_remove",
    "picture_store",
    "store",
]
