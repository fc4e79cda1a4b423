"""A bucket (S3 or what speaks like it) as the storage of uploads, where FILES_URL names one.

Nothing in it is public and nothing of it is ever linked to: files leave through our own view alone, which asks the
policy of their kind first. django-storages keeps, lists and deletes. Reading is ours, for its own files are fetched
whole into a temporary file before the first byte can be read.

This module is named in STORAGES and imported by nobody: boto3 costs half a second and 50 MB, which only those pay who
use it.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import IO, Any, Final, cast

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from portal.files.storage import StorageAway

CONNECT_SECONDS: Final = 5
ANSWER_SECONDS: Final = 20
ATTEMPTS: Final = 2
BUFFER: Final = 65_536
PROBE: Final = "check/"
"""Where the question whether the bucket is usable puts its object, for a moment."""

_GONE: Final = frozenset({"404", "NoSuchKey", "NotFound"})
_REFUSED: Final = frozenset(
    {"401", "403", "AccessDenied", "Forbidden", "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken"}
)
_NO_BUCKET: Final = frozenset({"NoSuchBucket"})
_EVERYBODY: Final = ("/global/AllUsers", "/global/AuthenticatedUsers")  # the latter: all who have any key with Amazon


@contextmanager
def asking(name: str = "") -> Iterator[None]:
    """Whatever the bucket says in here comes as Django's storages and the rest of the house say it.

    Raises FileNotFoundError for what is not there, StorageAway for everything else.
    """
    try:
        yield
    except ClientError as error:
        if _code(error) in _GONE and name:
            raise FileNotFoundError(f"{name} is not in the bucket.") from error
        raise StorageAway(f"The bucket that FILES_URL names refuses: {_code(error)}.") from error
    except BotoCoreError as error:
        raise StorageAway(f"The bucket that FILES_URL names does not answer: {error}") from error


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "")) or "no reason given"


class BucketStorage(S3Storage):
    """The bucket with our figures: private, never overwritten, an answer within seconds or none."""

    def __init__(self, **options: Any) -> None:
        style = options.pop("addressing_style", None)
        config = Config(
            s3={"addressing_style": style or "auto"},
            signature_version="s3v4",
            connect_timeout=CONNECT_SECONDS,
            read_timeout=ANSWER_SECONDS,
            retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
            max_pool_connections=32,
            # Many stores that speak S3 do not know the newer checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(
            **options,
            client_config=config,
            # Piece after piece in the thread of who stores: ten threads for each upload would take 80 MB.
            transfer_config=TransferConfig(use_threads=False),
            default_acl=None,
            # Names are random, so nothing is ever there before; asking each time would be a request for nothing.
            file_overwrite=True,
            security_token=None,
            session_profile=None,
        )

    @property
    def client(self) -> Any:
        """boto3's client, which threads may share."""
        return self.bucket.meta.client

    def url(self, name: str | None, *args: Any, **options: Any) -> str:
        """Nothing in the bucket has an address of its own: a link would outlive the right to follow it."""
        raise NotImplementedError("Files in the bucket have no address; StoredFile.get_absolute_url() is theirs.")

    def part(self, name: str, first: int, length: int) -> IO[bytes]:
        """These bytes as they come; the object is asked for before this returns."""
        return _reader(_Object(self._get(name), first, first + length))

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        if mode not in {"r", "rb"}:
            raise ValueError("What is stored never changes: files are opened for reading.")
        return File(_reader(_Object(self._get(name), 0, self.size(name))), name)

    def _get(self, name: str) -> Callable[[int, int], Any]:
        def get(first: int, end: int) -> Any:
            with asking(name):
                part = f"bytes={first}-{end - 1}"
                return self.client.get_object(Bucket=self.bucket_name, Key=name, Range=part)["Body"]

        return get

    def _save(self, name: str, content: File[bytes]) -> str:
        with asking():
            return cast(str, super()._save(name, content))

    def _get_write_parameters(self, name: str, content: Any = None) -> dict[str, Any]:
        # Never what the upload said of itself: where somebody opens the bucket after all, a browser runs nothing.
        return {"ContentType": "application/octet-stream"}

    def delete(self, name: str) -> None:
        """Remove the object; one that is not there is removed already."""
        with asking():
            super().delete(name)

    def size(self, name: str) -> int:
        """In bytes."""
        with asking(name):
            return int(self.client.head_object(Bucket=self.bucket_name, Key=name)["ContentLength"])

    def get_modified_time(self, name: str) -> datetime:
        """When it was stored, timezone-aware."""
        with asking(name):
            return cast(datetime, super().get_modified_time(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """The names of "directories" and of files just below `path`."""
        with asking():
            return cast("tuple[list[str], list[str]]", super().listdir(path))

    def everything(self, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Name and bytes of each object, in the order of names."""
        with asking():
            for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket_name, Prefix=prefix):
                for found in page.get("Contents", ()):
                    yield found["Key"], found["Size"]

    def move(self, name: str, to: str) -> None:
        """Give an object another name, within the bucket."""
        with asking(name):
            self.client.copy({"Bucket": self.bucket_name, "Key": name}, self.bucket_name, to)
            super().delete(name)

    def unfinished_remove(self, before: datetime) -> int:
        """Let go of uploads that were begun before then and broken off: invisible, but they take room. How many."""
        removed = 0
        with asking():
            for page in self.client.get_paginator("list_multipart_uploads").paginate(Bucket=self.bucket_name):
                for upload in page.get("Uploads", ()):
                    if upload["Initiated"] < before:
                        place = {"Bucket": self.bucket_name, "Key": upload["Key"]}
                        self.client.abort_multipart_upload(**place, UploadId=upload["UploadId"])
                        removed += 1
        return removed

    def wrong(self) -> str:
        """What is wrong with the bucket, as a sentence with the name of the variable; empty where all is well.

        Writes, lists, reads and deletes one small object, and looks whether a stranger could have read it. Raises
        StorageAway where there is no answer.
        """
        name = f"{PROBE}{uuid.uuid4().hex}"
        try:
            self.client.put_object(Bucket=self.bucket_name, Key=name, Body=b"check")
            try:
                self.client.list_objects_v2(Bucket=self.bucket_name, MaxKeys=1)
                self.client.get_object(Bucket=self.bucket_name, Key=name)["Body"].read()
                public = self._open_to_strangers(name)
            finally:
                self.client.delete_object(Bucket=self.bucket_name, Key=name)
        except ClientError as error:
            return self._sentence(error)
        except BotoCoreError as error:
            raise StorageAway(f"The bucket that FILES_URL names does not answer: {error}") from error
        if public:
            return (
                f"The bucket {self.bucket_name} that FILES_URL names lets everybody read: make it private. "
                "Files are only ever handed out by the portal."
            )
        return ""

    def _sentence(self, error: ClientError) -> str:
        code = _code(error)
        if code in _NO_BUCKET:
            return f"FILES_URL names the bucket {self.bucket_name}, and there is none of that name."
        if code in _REFUSED:
            return (
                f"The bucket {self.bucket_name} that FILES_URL names refuses the key of FILES_KEY_ID and "
                f"FILES_SECRET_KEY, or that key may not list, read, write and delete there ({code})."
            )
        return f"The bucket {self.bucket_name} that FILES_URL names cannot be used: {code}."

    def _open_to_strangers(self, name: str) -> bool:
        """Whether the object can be had without a key, or the bucket's own list says so (not all stores keep one)."""
        with suppress(ClientError):
            self.unsigned_connection.meta.client.get_object(Bucket=self.bucket_name, Key=name)
            return True
        with suppress(ClientError):
            grants = self.client.get_bucket_acl(Bucket=self.bucket_name).get("Grants", ())
            return any(grant.get("Grantee", {}).get("URI", "").endswith(_EVERYBODY) for grant in grants)
        return False


class _Object(io.RawIOBase):
    """The bytes of an object from `start` to `end` (not included), asked for where reading begins and as they come."""

    def __init__(self, get: Callable[[int, int], Any], start: int, end: int) -> None:
        self._get, self._start, self._end, self._at = get, start, end, start
        self._body: Any = get(start, end) if end > start else None

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def seekable(self) -> bool:
        """By asking anew."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Counted from the first byte of the part."""
        base = {io.SEEK_SET: self._start, io.SEEK_CUR: self._at, io.SEEK_END: self._end}[whence]
        at = max(self._start, base + offset)
        if at != self._at:
            self._let_go()
            self._at = at
        return at - self._start

    def readinto(self, buffer: Any) -> int:
        """Some of the bytes. Raises StorageAway."""
        wanted = min(len(buffer), self._end - self._at)
        if wanted <= 0:
            return 0
        if self._body is None:
            self._body = self._get(self._at, self._end)
        with asking():
            piece = self._body.read(wanted)
        if not piece:
            raise StorageAway("The bucket that FILES_URL names broke off before the end of a file.")
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        """Let go of the connection."""
        self._let_go()
        super().close()

    def _let_go(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None


def _reader(raw: _Object) -> IO[bytes]:
    return io.BufferedReader(raw, BUFFER)
