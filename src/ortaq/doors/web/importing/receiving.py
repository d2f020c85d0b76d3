# SPDX-License-Identifier: Apache-2.0
"""The files of the form, written to disk as they come; bounded in bytes, and by the room that the disk has."""

import contextlib
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from ortaq.core.errors import N_, OrtaqError
from ortaq.doors.web.importing import folders
from ortaq.files.errors import DiskLow
from ortaq.files.naming import ending_of, safe_name
from ortaq.files.room import free_bytes

RECORDS, FILES = "records", "files"
_PIECE = 1024 * 1024


class ImportTooLarge(OrtaqError):
    code, status = "import.too-large", 413
    say = N_(
        "One import may bring %(limit)s bytes, all its files together. Split it, or have a keeper of the node import it."
    )


class IntoFolder(FileUploadHandler):
    """records: names of the files that have records; files: of those that records may name."""

    chunk_size = _PIECE

    def __init__(self) -> None:
        super().__init__()
        self.is_ours = False  # until the token of the form has been looked at
        self.records: list[str] = []
        self.files: list[str] = []
        self._folder: Path | None = None
        self._open: IO[bytes] | None = None
        self._bytes = 0

    def handle_raw_input(self, input_data: Any, meta: Any, content_length: int, *more: Any) -> None:
        if content_length > settings.IMPORT_BYTES + _PIECE:
            raise ImportTooLarge(limit=settings.IMPORT_BYTES)

    @property
    def folder(self) -> Path:
        if self._folder is None:
            self._folder = folders.new_folder()
        return self._folder

    def new_file(self, *given: Any, **more: Any) -> None:
        super().new_file(*given, **more)
        chosen = {RECORDS: self.records, FILES: self.files}.get(self.field_name or "")
        if chosen is None:
            raise SkipFile
        name = self._free(safe_name(self.file_name or ""))
        chosen.append(name)
        self._open = (self.folder / "sent" / name).open("xb")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._bytes += len(raw_data)
        if self._bytes > settings.IMPORT_BYTES:
            raise ImportTooLarge(limit=settings.IMPORT_BYTES)
        if free_bytes() < len(raw_data):
            raise DiskLow(name=self.file_name or "")
        if self._open is not None:
            self._open.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        self._close()
        return None

    def upload_interrupted(self) -> None:
        self._close()

    def forget(self) -> None:
        """Leave nothing of what the form brought, if no job has taken it."""
        self._close()
        if self._folder is not None:
            folders.drop(self._folder)

    def _close(self) -> None:
        if self._open is not None:
            with contextlib.suppress(OSError):
                self._open.close()
        self._open = None

    def _free(self, name: str) -> str:
        """Return *name*, numbered if another file of the form has it."""
        taken = {*self.records, *self.files}
        ending = ending_of(name)
        stem = name[: len(name) - len(ending)]
        number = 1
        while name in taken:
            number += 1
            name = f"{stem} ({number}){ending}"
        return name
