# SPDX-License-Identifier: Apache-2.0
"""How a change of many records is brought on beside the server: first found and planned, then, once confirmed, written."""

from dataclasses import asdict
from itertools import islice
from typing import Any

from ortaq.records import jobs
from ortaq.records.bulk import in_chunks
from ortaq.records.models import Job
from ortaq.records.plans import MOST_RECORDS, SORT, TooManyRecords, counts_of, plan_records, write_some
from ortaq.search.question import Question
from ortaq.search.selection import all_found

__all__ = ["SORT", "kept_question", "step"]


def step(job: Job) -> None:
    """Do a piece of a change of many records."""
    if job.state == Job.PLANNING:
        _plan(job)
    else:
        write_some(job)


def kept_question(question: Question) -> dict[str, Any]:
    """Return *question* so that the job can ask it again."""
    return asdict(question)


def _plan(job: Job) -> None:
    viewer = jobs.viewer_of_job(job)
    found = all_found(_question(job.wishes["question"]), viewer)
    for chunk in in_chunks(islice(found, MOST_RECORDS + 1)):
        plan_records(job, viewer, chunk)
        job.done += len(chunk)
        if jobs.is_unwanted(job):
            jobs.ended(job, Job.STOPPED)
            return
        Job.objects.filter(pk=job.pk).update(done=job.done)
    job.total = job.planned.count()
    if job.total > MOST_RECORDS:
        raise TooManyRecords(count=job.total, limit=MOST_RECORDS)
    job.counts, job.done, job.state = counts_of(job), 0, Job.PLANNED
    job.save(update_fields=["counts", "done", "total", "state"])


def _question(kept: dict[str, Any]) -> Question:
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}
    return Question(**values)
