# SPDX-License-Identifier: Apache-2.0
"""What every form but that of one's own files does with files: it reads past them, and nothing of them touches the disk."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

_MOST_BYTES = 16 * 1024 * 1024  # more than the fields of any form may have


class NoFiles(FileUploadHandler):
    """A view that takes files sets `request.upload_handlers` itself, as my_files does."""

    def handle_raw_input(self, input_data: Any, meta: Any, content_length: int, *more: Any) -> None:
        if content_length > _MOST_BYTES:
            raise RequestDataTooBig(f"a form of {content_length} bytes")

    def new_file(self, *given: Any, **more: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return None
