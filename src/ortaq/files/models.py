# SPDX-License-Identifier: Apache-2.0
"""Files that this node keeps, named by the digest of their bytes."""

from django.db import models


class StoredFile(models.Model):
    """Bytes under `HOME/files`; media_type is what sniffing found, never what the sender said."""

    digest = models.CharField(max_length=47, primary_key=True)
    bytes = models.BigIntegerField()
    media_type = models.CharField(max_length=127)
    stored_at = models.DateTimeField(auto_now_add=True)
