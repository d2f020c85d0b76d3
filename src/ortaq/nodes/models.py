# SPDX-License-Identifier: Apache-2.0
"""Nodes, our own first of all, and the keys with which they sign."""

from django.db import models


class Node(models.Model):
    """A node that owns records; exactly one row is our own."""

    id = models.CharField(max_length=26, primary_key=True)
    name = models.CharField(max_length=200)
    is_self = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["is_self"], condition=models.Q(is_self=True), name="one_self")]

    def __str__(self) -> str:
        return self.name


class Key(models.Model):
    """A public key of a node; it may sign the changes from `first_seq` to `last_seq` of the node's log."""

    public = models.CharField(max_length=60, primary_key=True)
    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="keys")
    first_seq = models.BigIntegerField(default=1)
    last_seq = models.BigIntegerField(null=True)
