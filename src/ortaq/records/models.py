# SPDX-License-Identifier: Apache-2.0
"""The rows behind the one door: the log of changes, and what is derived from it.

Only records/door.py writes them. Ids are given by the door, in the order of the log, so the id of a change is also its position here.
Derived rows have no foreign key constraints: they can be made anew from the log, and `ortaq verify` compares them with it.
"""

from typing import Any

from django.db import models

from ortaq.core.change import Header, wire
from ortaq.core.proof import unkept, verification_method


class Change(models.Model):
    """One line of a node's log. Every column but `id` and `body` is under the signature; `body` is under `digest`."""

    id = models.BigIntegerField(primary_key=True)
    node = models.CharField(max_length=26)
    seq = models.BigIntegerField()
    prior = models.CharField(max_length=47, null=True)
    record = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    version = models.IntegerField()
    at = models.CharField(max_length=20)
    by = models.CharField(max_length=60)
    audience = models.TextField()
    digest = models.CharField(max_length=47, null=True)
    erases = models.TextField(default="")
    key = models.CharField(max_length=60)
    signature = models.CharField(max_length=90)
    body = models.TextField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["node", "seq"], name="one_change_a_seq")]
        indexes = [models.Index(fields=["record", "version"], name="change_of_record")]

    def header(self) -> Header:
        erases = tuple(int(version) for version in self.erases.split(",")) if self.erases else ()
        return Header(
            self.node,
            self.seq,
            self.prior,
            self.record,
            self.kind,
            self.version,
            self.at,
            self.by,
            self.audience,
            self.digest,
            erases,
        )

    def wire(self) -> dict[str, Any]:
        """Return the header with its proof, as it travels."""
        return wire(self.header(), verification_method(self.key), unkept(self.signature))


class Record(models.Model):
    """The present state of a record. `audience` is the token compared with a viewer's; `title` is a language map.

    WITHHELD: of another node, which keeps the newest version to itself, or whose body could not be taken.
    is_hidden: set by records/hiding.py, no column: the page that is being made does not show it.
    institution: set by records/actions.py, no column: that of its author, looked up once.
    """

    LIVE, WITHDRAWN, ERASED, WITHHELD = "live", "withdrawn", "erased", "withheld"
    is_hidden = False
    institution: str | None = None

    id = models.BigIntegerField(primary_key=True)
    uri = models.CharField(max_length=60, unique=True)
    node = models.CharField(max_length=26)
    kind = models.CharField(max_length=40)
    source_id = models.TextField(null=True)
    state = models.CharField(max_length=10)
    version = models.IntegerField()
    change = models.ForeignKey(
        Change, on_delete=models.DO_NOTHING, db_index=False, db_constraint=False, related_name="+"
    )
    audience = models.TextField()
    title = models.TextField()
    author = models.CharField(max_length=60)
    made_at = models.CharField(max_length=20)
    changed_at = models.CharField(max_length=20)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "id"], name="record_of_kind"),
            models.Index(fields=["author", "id"], name="record_of_author"),
        ]


class WorkingCopy(models.Model):
    """What somebody is writing and has not published: not in the log, not searched, seen by its author alone.

    Once proposed, the editors of the institution see it too. body is JSON as it was typed, which its kind may not accept yet.

    key           random, stands in addresses
    record        URI of the record that is revised, at base_version; None for a new one
    revision      counts the savings, so that a second tab does not overwrite the first
    remark        what the editor said who gave it back
    """

    DRAFT, PROPOSED, RETURNED = "draft", "proposed", "returned"

    key = models.CharField(max_length=26, unique=True)
    actor = models.CharField(max_length=60)
    institution = models.CharField(max_length=16)
    kind = models.CharField(max_length=40)
    record = models.CharField(max_length=60, null=True)
    base_version = models.IntegerField(null=True)
    body = models.TextField()
    audience = models.TextField()
    state = models.CharField(max_length=10, default=DRAFT)
    revision = models.IntegerField(default=1)
    remark = models.TextField(blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField()
    proposed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["actor", "id"], name="copy_of_actor"),
            models.Index(fields=["institution", "state"], name="copy_of_institution"),
        ]


class Job(models.Model):
    """Work that is too long for a request: its state stands on the row, and a loop beside the server brings it on.

    key          random, stands in addresses; seen by its person alone
    sort         who does it: see records/jobs.py
    actor        under which the person acts in it; empty for a keeper who is of no institution
    wishes       what is to be done
    attempts     since the last piece that was done: what fails again and again is given up
    """

    DRAFT, PLANNING, PLANNED, RUNNING = "draft", "planning", "planned", "running"
    DONE, STOPPED, FAILED = "done", "stopped", "failed"

    key = models.CharField(max_length=26, unique=True)
    sort = models.CharField(max_length=20)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    actor = models.CharField(max_length=60, blank=True)
    institution = models.CharField(max_length=16, blank=True)
    wishes = models.JSONField()
    state = models.CharField(max_length=10)
    wants_stop = models.BooleanField(default=False)
    attempts = models.IntegerField(default=0)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    problem = models.JSONField(default=dict)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="job_to_do")]

    @property
    def is_at_work(self) -> bool:
        return self.state in (self.PLANNING, self.RUNNING)

    @property
    def is_ended(self) -> bool:
        return self.state in (self.DONE, self.STOPPED, self.FAILED)


class PlannedChange(models.Model):
    """What a job means to do with one record, and what became of it.

    version          of the record when it was planned; at another one it is left alone
    restores         version whose content is written back, when a change is undone; None otherwise
    before, after    the value of the field, as JSON; null: it is not there
    why              of what is left out: code, sentence and facts
    written_version  the version that the job made
    """

    TO_DO, SAME, LEFT, WRITTEN = "to-do", "same", "left", "written"

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="planned")
    record = models.CharField(max_length=60)
    version = models.IntegerField()
    restores = models.IntegerField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    state = models.CharField(max_length=10)
    why = models.JSONField(default=dict)
    written_version = models.IntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "record"], name="one_plan_a_record")]
        indexes = [models.Index(fields=["job", "state", "id"], name="planned_of_job")]


class Link(models.Model):
    """From a record to a URI, which may be a record that is not here yet."""

    record = models.ForeignKey(Record, on_delete=models.DO_NOTHING, db_constraint=False, related_name="links")
    role = models.CharField(max_length=40)
    target = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["target", "role"], name="link_to_target")]


class Span(models.Model):
    """When: years are astronomical; None is open or unknown."""

    record = models.ForeignKey(Record, on_delete=models.DO_NOTHING, db_constraint=False, related_name="spans")
    field = models.CharField(max_length=40)
    first_year = models.IntegerField(null=True)
    last_year = models.IntegerField(null=True)
    edtf = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["first_year", "last_year"], name="span_years")]


class Point(models.Model):
    """Where: WGS 84, degrees."""

    record = models.ForeignKey(Record, on_delete=models.DO_NOTHING, db_constraint=False, related_name="points")
    field = models.CharField(max_length=40)
    lat = models.FloatField()
    lon = models.FloatField()
    precision_m = models.IntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["lat", "lon"], name="point_box")]


class Attachment(models.Model):
    """A file that a record has."""

    record = models.ForeignKey(Record, on_delete=models.DO_NOTHING, db_constraint=False, related_name="attachments")
    digest = models.CharField(max_length=47)
    name = models.CharField(max_length=255)

    class Meta:
        indexes = [models.Index(fields=["digest"], name="attachment_of_file")]
