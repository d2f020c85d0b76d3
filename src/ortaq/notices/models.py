# SPDX-License-Identifier: Apache-2.0
"""Who follows what, what they were told, and how they want to be told. No row holds words of a record: those are read when shown."""

from django.db import models

from ortaq.notices.sorts import CHANNELS, SORTS
from ortaq.people.models import Person


class Follow(models.Model):
    """A person wants to hear of a record or of an institution. target: its URI."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="follows")
    target = models.CharField(max_length=60)
    since_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["target", "person"], name="one_follow_each")]


class Notice(models.Model):
    """One thing that one person is told.

    code, sort    what happened, and why this person is told: notices/sorts.py
    change        position of the change in the log; None for what happened to a working copy
    record        URI of the record to look at; empty for a working copy
    about         URI of the record that it is about, where that is another one
    copy          key of the working copy; empty for what stands in the log
    by            URI of the actor who did it
    facts         numbers that the sentence needs; never a word of a record
    settled_at    when the person said that no answer is needed
    mailed_at     when it went into a digest, or was passed over by one
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    at = models.DateTimeField()
    code = models.CharField(max_length=40)
    sort = models.CharField(max_length=20, choices=[(sort, sort) for sort in SORTS])
    change = models.BigIntegerField(null=True)
    record = models.CharField(max_length=60, blank=True)
    about = models.CharField(max_length=60, blank=True)
    copy = models.CharField(max_length=26, blank=True)
    by = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    seen_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "change", "code"], name="told_once_of_a_change")]
        indexes = [
            models.Index(fields=["person", "id"], name="notice_of_person"),
            models.Index(fields=["person"], condition=models.Q(seen_at=None), name="notice_unseen"),
        ]


class Choice(models.Model):
    """How a person wants to be told of one sort; without a row: as notices/sorts.py has it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notice_choices")
    sort = models.CharField(max_length=20, choices=[(sort, sort) for sort in SORTS])
    channel = models.CharField(max_length=10, choices=[(channel, channel) for channel in CHANNELS])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "sort"], name="one_choice_a_sort")]


class Mark(models.Model):
    """How far something has got: "log", the position up to which notices are made; "digest", the day of the last one."""

    name = models.CharField(max_length=20, primary_key=True)
    number = models.BigIntegerField()
