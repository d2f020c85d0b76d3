# SPDX-License-Identifier: Apache-2.0
"""Files that this node keeps, named by the digest of their bytes, and those that are on their way in."""

from django.db import models


class StoredFile(models.Model):
    """Bytes under `HOME/files`; media_type is what sniffing found, never what the sender said.

    width, height  in pixels as the image is shown; None for what is no image
    institution    local id of the institution whose actor brought it first; empty: the node itself
    loose_until    it came by upload and no record names it yet: gone after this instant. None: it stays
    checked_at     when all its bytes were last read and compared with the digest
    fault          what was wrong with them then, a code of files/fixity.py; empty: nothing. They are given to nobody until they are right
    """

    digest = models.CharField(max_length=47, primary_key=True)
    bytes = models.BigIntegerField()
    media_type = models.CharField(max_length=127)
    stored_at = models.DateTimeField(auto_now_add=True)
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    institution = models.CharField(max_length=16, default="", db_index=True)
    loose_until = models.DateTimeField(null=True, db_index=True)
    checked_at = models.DateTimeField(null=True, db_index=True)
    fault = models.CharField(max_length=20, default="")


class Damage(models.Model):
    """That the bytes of a kept file were found not to be right; the row stays when they are again.

    code      as `StoredFile.fault`
    source    where the right bytes came from: words of files/damage.py, or the id of a partner
    tried_at  when a second copy was last looked for, tries: how often in vain
    failure   why the last look brought none, as `OrtaqError.as_dict` says it
    """

    digest = models.CharField(max_length=47, db_index=True)
    code = models.CharField(max_length=20)
    found_at = models.DateTimeField(auto_now_add=True)
    healed_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=200, default="")
    tried_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    failure = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["digest"], condition=models.Q(healed_at=None), name="one_open_damage_a_file"
            )
        ]


class FetchedFile(models.Model):
    """A node has given us the bytes of this file: its records may name it here. Naming a digest alone gives nobody a file of ours."""

    digest = models.CharField(max_length=47)
    node = models.CharField(max_length=26)
    fetched_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "node"], name="one_fetch_a_node")]


class AskedFile(models.Model):
    """Somebody wants a file that records of a node name and that this node has not fetched by itself; gone once the file is here.

    by           actor who asked last
    tried_at     None until it was tried
    failure      why the last try did not bring it, as `OrtaqError.as_dict` says it
    is_given_up  another try would end the same way: it waits until somebody asks again
    """

    digest = models.CharField(max_length=47)
    node = models.CharField(max_length=26)
    by = models.CharField(max_length=60)
    asked_at = models.DateTimeField(auto_now_add=True)
    tried_at = models.DateTimeField(null=True)
    failure = models.JSONField(default=dict)
    is_given_up = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "node"], name="one_ask_a_node")]


class Upload(models.Model):
    """A file that an actor sends, in pieces, until it is whole; then what it became.

    key         random; its address is /uploads/KEY, its pieces lie in HOME/uploads/KEY
    said_type   media type that the sender gave; shown where it was wrong
    bytes       as declared at the beginning; None until the sender knows
    received    as of the last piece; the file on disk is what counts
    digest      of the whole file; empty until it is whole
    expires_at  while it is not whole; each piece moves it
    """

    key = models.CharField(max_length=26, primary_key=True)
    actor = models.CharField(max_length=60)
    institution = models.CharField(max_length=16, default="")
    name = models.CharField(max_length=255)
    said_type = models.CharField(max_length=127, default="")
    bytes = models.BigIntegerField(null=True)
    received = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=47, default="")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["actor", "made_at"], name="upload_of_actor"),
            models.Index(fields=["digest"], name="upload_of_file"),
            models.Index(fields=["expires_at"], name="upload_expiry"),
            models.Index(fields=["institution"], name="upload_of_institution"),
        ]

    @property
    def is_whole(self) -> bool:
        return self.digest != ""
