# SPDX-License-Identifier: Apache-2.0
"""Reads of the rows of kept files."""

from ortaq.files.models import StoredFile
from ortaq.files.store import FileAbsent


def kept_file(digest: str) -> StoredFile:
    """Return the row of the file *digest*; raises FileAbsent."""
    row = StoredFile.objects.filter(digest=digest).first()
    if row is None:
        raise FileAbsent(digest=digest)
    return row
