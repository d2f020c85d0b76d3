# SPDX-License-Identifier: Apache-2.0
"""The list that harvesters read: what everyone may see or once could, in the order in which it came to be as it is now.

It follows the log and can be made anew from it. No row holds words of a record: those are read when they are given out.
"""

from django.db import models


class Listed(models.Model):
    """A record that everyone may see, or once could. What nobody but a few ever saw has no row.

    record    its id here
    version   that the row tells of
    position  grows with every change of the row; no row gets a position that is lower than one given out before
    at        when it came to be so at this node: never before it could be read here, and in the order of the positions
    is_gone   it was withdrawn, erased, merged or narrowed
    """

    record = models.BigIntegerField(primary_key=True)
    version = models.IntegerField()
    position = models.BigIntegerField(unique=True)
    at = models.CharField(max_length=20)
    is_gone = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["at", "position"], name="listed_at")]


class Shelved(models.Model):
    """A shelf on which a record stands: `kind:monument`, `node:ID`, `country:AZ`, `image`. position: of its row in the list."""

    record = models.BigIntegerField()
    shelf = models.CharField(max_length=60)
    position = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "shelf"], name="once_on_a_shelf")]
        indexes = [models.Index(fields=["shelf", "position"], name="shelf_in_order")]


class Reach(models.Model):
    """How far the list has got; one row.

    log       position in the log up to which it was read
    last, at  of the row that was written last
    edition   named anew when the list is made anew: positions of another edition mean nothing
    is_whole  it has once been up to the log; until then nothing is given out whose order could still change
    """

    log = models.BigIntegerField(default=0)
    last = models.BigIntegerField(default=0)
    at = models.CharField(max_length=20, default="")
    edition = models.CharField(max_length=16)
    is_whole = models.BooleanField(default=False)
