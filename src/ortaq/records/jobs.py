# SPDX-License-Identifier: Apache-2.0
"""Work beside the server: the state stands on the row, `run_once` brings the next job on by a piece. Killed, it goes on.

A piece is one transaction, or leaves a journal of its own; so whoever takes a job up again finds it between two pieces.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import structlog
from django.db.models import F, QuerySet
from django.utils import timezone

from ortaq.core.audience import Viewer
from ortaq.core.errors import N_, OrtaqError, Refused
from ortaq.core.identifiers import local_id
from ortaq.people.models import Person
from ortaq.people.queries import viewer_of_person
from ortaq.records.errors import Absent
from ortaq.records.models import Job

log = structlog.get_logger()
_ATTEMPTS = 5
_SHOWN_PROBLEMS = 10
_AT_WORK = (Job.PLANNING, Job.RUNNING)

# Does one piece of a job and saves how far it is; ends it by `ended`.
Step = Callable[[Job], None]
_STEPS: dict[str, Step] = {}
_last: dict[str, int] = {}  # which job this process brought on last


class JobBroken(OrtaqError):
    code, status = "job.broken", 500
    say = N_("The work stopped %(times)s times at the same place. Tell the keeper of this node when it happened.")


class JobNotOpen(OrtaqError):
    code, status = "job.not-open", 409
    say = N_("That cannot be done with this work any more. Open it again to see where it stands.")


def install(steps: Mapping[str, Step]) -> None:
    """Make known who does which sort of job; site/ hands the list over when the node starts."""
    _STEPS.update(steps)


def begin_job(viewer: Viewer, person: Person, sort: str, wishes: Mapping[str, Any], state: str) -> Job:
    """Write down a job that *person* wants done."""
    acting = viewer.standing
    return Job.objects.create(
        key=local_id(secrets.token_bytes(10)) + local_id(secrets.token_bytes(10))[:10],
        sort=sort,
        person=person,
        actor=viewer.actor or "",
        institution=acting.institution if acting else "",
        wishes=dict(wishes),
        state=state,
    )


def job_of(key: str, person: Any, sort: str) -> Job:
    """Return the job if it is that person's own; raises Absent."""
    found = Job.objects.filter(key=key, sort=sort, person_id=person.pk).first() if person.is_authenticated else None
    if found is None:
        raise Absent(uri=key)
    return found


def jobs_of(person: Any, sort: str) -> QuerySet[Job]:
    """Return the person's jobs, the newest first."""
    return Job.objects.filter(person_id=person.pk, sort=sort).order_by("-id")


def viewer_of_job(job: Job) -> Viewer:
    """Return whom the job is done for, with the rights that they have now."""
    viewer = viewer_of_person(job.person)
    return replace(viewer, actor=job.actor) if job.actor in viewer.actors else viewer


def move(job: Job, before: str, after: str) -> None:
    """Bring a job from one state into the next, once; raises JobNotOpen."""
    if not Job.objects.filter(pk=job.pk, state=before).update(state=after, attempts=0):
        raise JobNotOpen(state=job.state)
    job.state = after


def stop(job: Job) -> None:
    """Let a job end before its next piece; what waits for somebody ends at once."""
    Job.objects.filter(pk=job.pk, state__in=_AT_WORK).update(wants_stop=True)
    waiting = Job.objects.filter(pk=job.pk, state__in=(Job.DRAFT, Job.PLANNED))
    waiting.update(state=Job.STOPPED, ended_at=timezone.now())


def is_unwanted(job: Job) -> bool:
    """Tell whether somebody has asked meanwhile that the job stop."""
    return Job.objects.filter(pk=job.pk, wants_stop=True).exists()


def others_wait(job: Job) -> bool:
    return Job.objects.filter(state__in=_AT_WORK).exclude(pk=job.pk).exists()


def ended(job: Job, state: str, error: OrtaqError | None = None) -> None:
    """Note that nothing more is done, and why."""
    job.state, job.ended_at = state, timezone.now()
    if error is not None:
        job.problem = as_told(error)
    job.save()


def as_told(error: OrtaqError) -> dict[str, Any]:
    """Return *error* so that it can be kept and be told in any language."""
    told: dict[str, Any] = {
        "code": error.code,
        "say": error.say,
        "facts": {name: str(value) for name, value in error.facts.items()},
    }
    if isinstance(error, Refused):
        told["found"] = [
            {
                "where": problem.where,
                "code": problem.code,
                "say": problem.say,
                "facts": {name: str(value) for name, value in problem.facts.items()},
            }
            for problem in error.found[:_SHOWN_PROBLEMS]
        ]
    return told


def run_once() -> bool:
    """Do a piece of the job whose turn it is; False: there is nothing to do. A fault of the job ends the job, not the loop."""
    waiting = Job.objects.select_related("person").filter(state__in=_AT_WORK, sort__in=list(_STEPS)).order_by("id")
    # One after the other, so that a long one does not make short ones wait; what has just failed comes last.
    turns = sorted(waiting, key=lambda each: (each.attempts > 0, each.pk <= _last.get("job", 0), each.pk))
    for one in turns[:1]:
        _last["job"] = one.pk
        _bring_on(one)
        return True
    return False


def _bring_on(job: Job) -> None:
    if job.wants_stop:
        ended(job, Job.STOPPED)
        return
    if job.attempts >= _ATTEMPTS:
        ended(job, Job.FAILED, JobBroken(times=job.attempts))
        return
    Job.objects.filter(pk=job.pk).update(attempts=F("attempts") + 1)
    try:
        _STEPS[job.sort](job)
    except OrtaqError as error:
        log.warning("A job was given up.", sort=job.sort, code=error.code)
        ended(job, Job.FAILED, error)
    Job.objects.filter(pk=job.pk).update(attempts=0)
