# SPDX-License-Identifier: Apache-2.0
"""Nodes, our own first of all, the keys with which they sign, and what we know of the exchange with each."""

from django.db import models


class Node(models.Model):
    """A node that owns records; exactly one row is our own.

    names      language map, as the node calls itself
    address    where its pages and feed are; empty: it takes part in no exchange
    countries  ISO 3166-1 codes
    present_key  with which it signs requests now, as its document says; those of its log stand in Key
    head_seq   seq of the newest change that it has told us of, whether or not we have it
    """

    id = models.CharField(max_length=26, primary_key=True)
    name = models.CharField(max_length=200)
    is_self = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)
    names = models.JSONField(default=dict)
    countries = models.JSONField(default=list)
    address = models.CharField(max_length=500, blank=True)
    software = models.CharField(max_length=100, blank=True)
    present_key = models.CharField(max_length=60, blank=True)
    head_seq = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["is_self"], condition=models.Q(is_self=True), name="one_self")]

    def __str__(self) -> str:
        return self.name


class Key(models.Model):
    """A public key of a node; it may sign the changes from `first_seq` to `last_seq` of the node's log.

    use         SIGN, or RECOVER: kept offline, signs nothing but the node's own record, when the other one is lost
    is_revoked  known to be in other hands: what it signed up to `last_seq` stays, and is marked
    """

    SIGN, RECOVER = "sign", "recover"

    public = models.CharField(max_length=60, primary_key=True)
    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="keys")
    first_seq = models.BigIntegerField(default=1)
    last_seq = models.BigIntegerField(null=True)
    use = models.CharField(max_length=10, default=SIGN)
    is_revoked = models.BooleanField(default=False)


class Partner(models.Model):
    """A node that we exchange with, or that one side would like to.

    trust         what we give it: PUBLIC, what everyone may see; PARTNER, what is for partners too
    is_paused     by us; it gets nothing and we ask nothing
    has_paused    by them
    files         which files we fetch of its records: ALL, UP_TO (files_bytes), THUMBNAILS (of pictures a small one that it makes), or
                  ON_DEMAND
    reached_at    when it last answered; failed_at, failure: the last time it did not, and why
    clock_offset  seconds by which its clock is ahead of ours
    taken         changes that came from it on the day taken_on: more than the limit wait for the next one
    """

    ASKED, ASKING, ACTIVE, ENDED = "asked", "asking", "active", "ended"
    PUBLIC, PARTNER = "public", "partner"
    ALL, UP_TO, THUMBNAILS, ON_DEMAND = "all", "up-to", "thumbnails", "on-demand"

    node = models.OneToOneField(Node, on_delete=models.CASCADE, primary_key=True, related_name="partner")
    state = models.CharField(max_length=10)
    trust = models.CharField(max_length=10, default=PUBLIC)
    is_paused = models.BooleanField(default=False)
    has_paused = models.BooleanField(default=False)
    files = models.CharField(max_length=10, default=UP_TO)
    files_bytes = models.BigIntegerField(default=50_000_000)
    made_at = models.DateTimeField(auto_now_add=True)
    reached_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.JSONField(default=dict)
    failures = models.IntegerField(default=0)
    clock_offset = models.IntegerField(default=0)
    taken = models.BigIntegerField(default=0)
    taken_on = models.DateField(null=True)

    @property
    def exchanges(self) -> bool:
        """Tell whether changes travel at present."""
        return self.state == self.ACTIVE and not self.is_paused and not self.has_paused


class PartnerGroup(models.Model):
    """Partners under one name, to write records for: what is signed names its members, never the group.

    key      as an institution's local id
    names    language map
    members  ids of nodes
    """

    key = models.CharField(max_length=16, primary_key=True)
    names = models.JSONField()
    members = models.JSONField(default=list)
    made_at = models.DateTimeField(auto_now_add=True)


class Quarantined(models.Model):
    """A change that we did not accept from a partner: kept with the reason, and tried again.

    log       node whose log it is said to be of
    source    node that sent it
    is_body   its header stands in the log, only the body waits; otherwise the log stops before it
    line      as it came, as far as it may be kept
    settled   it was accepted after all, or its place was taken by what could be
    is_told   the partner knows
    """

    log = models.CharField(max_length=26)
    source = models.CharField(max_length=26)
    seq = models.BigIntegerField()
    record = models.CharField(max_length=60, blank=True)
    is_body = models.BooleanField(default=False)
    code = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    line = models.TextField(blank=True)
    found_at = models.DateTimeField(auto_now_add=True)
    last_at = models.DateTimeField(auto_now=True)
    attempts = models.IntegerField(default=1)
    settled_at = models.DateTimeField(null=True)
    is_told = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "source", "seq", "code"], name="one_refusal_a_reason")]


class Objection(models.Model):
    """A change of ours, or one that we passed on, which a partner did not accept."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="objections")
    log = models.CharField(max_length=26)
    seq = models.BigIntegerField()
    code = models.CharField(max_length=60)
    message = models.TextField()
    said_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "log", "seq", "code"], name="one_objection_a_reason")]


class Fork(models.Model):
    """Two signed changes of one node under one seq: shown, never merged. digest: of the header that is here.

    header      the other one with its proof, which shows that the node has signed both
    settled_at  an administrator has decided that the one that is here holds; until then nothing more of the log is taken
    """

    log = models.CharField(max_length=26)
    seq = models.BigIntegerField()
    digest = models.CharField(max_length=47)
    other = models.CharField(max_length=47)
    header = models.JSONField()
    source = models.CharField(max_length=26)
    found_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "seq", "other"], name="one_fork")]


class Head(models.Model):
    """How far a partner has the log of a node, as it last said."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="heads")
    log = models.CharField(max_length=26)
    seq = models.BigIntegerField()
    digest = models.CharField(max_length=47)
    said_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "log"], name="one_head_a_log")]


class Actor(models.Model):
    """Who acts at another node, by the name under which that node shows them.

    names      language map
    statement  what the node has signed of it, so that we can pass it on
    """

    uri = models.CharField(max_length=60, primary_key=True)
    node = models.CharField(max_length=26)
    names = models.JSONField()
    statement = models.JSONField()
