# SPDX-License-Identifier: Apache-2.0
"""One field of many records changed: planned and shown first, then written just as it was shown, and undone if need be.

Each batch is one transaction with what became of it: killed in between, nothing is written twice and nothing is half written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from django.db.models import Count, F

from ortaq.core.alter import altered
from ortaq.core.audience import Viewer, as_written
from ortaq.core.errors import N_, OrtaqError
from ortaq.core.kind import Kind
from ortaq.nodes.identity import identity
from ortaq.people import audit, rules
from ortaq.people.errors import Denied
from ortaq.people.models import Person
from ortaq.records import jobs, log
from ortaq.records.errors import Absent, StaleVersion
from ortaq.records.many import Revision, records_to_revise, refusals, revise_records
from ortaq.records.models import Change, Job, PlannedChange, Record
from ortaq.records.queries import body_of
from ortaq.records.registry import KINDS

MOST_RECORDS: Final = 10_000
BATCH: Final = 200
SORT: Final = "change"
AUDIENCE: Final = "audience"  # the one thing that is changed like a field and is none


class TooManyRecords(OrtaqError):
    code, status = "many.too-many", 422
    say = N_("This would change %(count)s records; at most %(limit)s are changed at once. Narrow the search first.")


class ContentErased(OrtaqError):
    code, status = "many.content-erased", 410
    say = N_("The earlier content of %(uri)s was erased and cannot be written back.")


@dataclass(frozen=True, slots=True)
class Alteration:
    """What is done to each record. field: of the kind, or audience; note: told in the history."""

    kind: str
    field: str
    operation: str
    value: Any
    instead: Any
    note: str

    @classmethod
    def of(cls, job: Job) -> "Alteration":
        return cls(**{name: job.wishes.get(name) for name in cls.__slots__})

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    def after(self, kind: Kind, before: Any) -> Any:
        """Return the value of the field after it."""
        spec = kind.spec(self.field)
        return self.value if spec is None else altered(spec, before, self.operation, self.value, self.instead)


def plan_records(job: Job, viewer: Viewer, records: Sequence[Record]) -> None:
    """Note for each record what it would become, or why it is left out. The records have their newest changes."""
    wished = Alteration.of(job)
    planned = [_planned(job, wished, record) for record in records if record.kind == wished.kind]
    by_uri = {record.uri: record for record in records}
    wanted = [one for one in planned if one.state == PlannedChange.TO_DO]
    denied = refusals(viewer, [_revision(one, by_uri[one.record], wished) for one in wanted])
    for one in wanted:
        if one.record in denied:
            _leave(one, denied[one.record])
    PlannedChange.objects.bulk_create(planned, ignore_conflicts=True)


def _planned(job: Job, wished: Alteration, record: Record) -> PlannedChange:
    one = PlannedChange(job=job, record=record.uri, version=record.version, state=PlannedChange.TO_DO)
    one.before = _value_of(record, wished.field)
    try:
        one.after = wished.after(KINDS[record.kind], one.before)
        if one.after == one.before:
            one.state = PlannedChange.SAME
        elif wished.field != AUDIENCE:
            KINDS[record.kind].validate(_revision(one, record, wished).body, identity().id)
    except OrtaqError as error:
        _leave(one, error)
    return one


def _value_of(record: Record, field: str) -> Any:
    return as_written(record.audience) if field == AUDIENCE else body_of(record).get(field)


def _revision(one: PlannedChange, record: Record, wished: Alteration) -> Revision:
    """The record with the one value changed; what the version before said of itself is not said again."""
    body = {**body_of(record), "change_note": wished.note}
    if wished.field == AUDIENCE:
        return Revision(record, body, str(one.after), one.version)
    if one.after is None:
        body.pop(wished.field, None)
    else:
        body[wished.field] = one.after
    return Revision(record, body, as_written(record.audience), one.version)


def _leave(one: PlannedChange, error: OrtaqError) -> None:
    one.state, one.why = PlannedChange.LEFT, jobs.as_told(error)


def confirm(job: Job, viewer: Viewer) -> None:
    """Let what was planned be written. Raises Denied, JobNotOpen."""
    _check(viewer)
    jobs.move(job, Job.PLANNED, Job.RUNNING)
    audit.note(
        "records.change-many",
        actor=job.actor,
        institution=job.institution,
        subject=job.key,
        field=job.wishes["field"],
        records=job.total,
    )


def undo(job: Job, viewer: Viewer, person: Person, note: str) -> Job:
    """Begin to write back what *job* has changed; records that were revised since stay as they are. Raises JobNotOpen."""
    _check(viewer)
    if not job.is_ended or job.wishes.get("undone_by"):
        raise jobs.JobNotOpen(state=job.state)
    with log.writing():
        wishes = {**Alteration.of(job).as_dict(), "note": note, "undoes": job.key}
        back = jobs.begin_job(viewer, person, SORT, wishes, Job.RUNNING)
        written = job.planned.filter(state=PlannedChange.WRITTEN).order_by("id")
        PlannedChange.objects.bulk_create(
            [_undoing(back, one) for one in written.iterator(chunk_size=500)], batch_size=500
        )
        back.total = back.planned.count()
        back.save()
        job.wishes["undone_by"] = back.key
        job.save(update_fields=["wishes"])
        audit.note(
            "records.undo-many",
            actor=back.actor,
            institution=back.institution,
            subject=back.key,
            field=job.wishes["field"],
            records=back.total,
        )
    return back


def _undoing(back: Job, one: PlannedChange) -> PlannedChange:
    return PlannedChange(
        job=back,
        record=one.record,
        version=one.written_version or 0,
        restores=one.version,
        before=one.after,
        after=one.before,
        state=PlannedChange.TO_DO,
    )


def _check(viewer: Viewer) -> None:
    if not rules.may_change_many(viewer):
        raise Denied(action="records.change-many")


def write_some(job: Job) -> None:
    """Write the next batch of a running job, and end the job with the last one."""
    viewer = jobs.viewer_of_job(job)
    _check(viewer)
    with log.writing():
        items = list(job.planned.filter(state=PlannedChange.TO_DO).order_by("id")[:BATCH])
        _write(items, viewer, Alteration.of(job))
        PlannedChange.objects.bulk_update(items, ["state", "why", "written_version"])
        Job.objects.filter(pk=job.pk).update(done=F("done") + len(items), attempts=0)
    job.refresh_from_db()
    if len(items) < BATCH:
        job.counts = counts_of(job)
        jobs.ended(job, Job.DONE)


def _write(items: Sequence[PlannedChange], viewer: Viewer, wished: Alteration) -> None:
    records = records_to_revise((one.record for one in items), viewer)
    bodies = _bodies_to_restore(items)
    revisions: dict[str, Revision] = {}
    for one in items:
        try:
            revisions[one.record] = _ready(one, records.get(one.record), bodies, wished)
        except OrtaqError as error:
            _leave(one, error)
    outcomes = revise_records(viewer, list(revisions.values()))
    for one in items:
        if outcome := outcomes.get(one.record):
            _settle(one, outcome.status, outcome.version, outcome.error)


def _ready(
    one: PlannedChange, record: Record | None, bodies: dict[tuple[str, int], Change], wished: Alteration
) -> Revision:
    if record is None:
        raise Absent(uri=one.record)
    if record.version != one.version or record.state != Record.LIVE:
        raise StaleVersion(uri=one.record, present=record.version, expected=one.version)
    if one.restores is None:
        return _revision(one, record, wished)
    change = bodies.get((one.record, one.restores))
    if change is None or change.body is None:
        raise ContentErased(uri=one.record)
    return Revision(record, {**orjson.loads(change.body), "change_note": wished.note}, change.audience, one.version)


def _bodies_to_restore(items: Iterable[PlannedChange]) -> dict[tuple[str, int], Change]:
    wanted = {(one.record, one.restores) for one in items if one.restores is not None}
    if not wanted:
        return {}
    found = Change.objects.filter(record__in={record for record, _version in wanted})
    found = found.filter(version__in={version for _record, version in wanted})
    return {(change.record, change.version): change for change in found}


def _settle(one: PlannedChange, status: str, version: int | None, error: OrtaqError | None) -> None:
    if error is not None:
        _leave(one, error)
    elif status == "unchanged":
        one.state = PlannedChange.SAME
    else:
        one.state, one.written_version = PlannedChange.WRITTEN, version


def counts_of(job: Job) -> dict[str, int]:
    """Return how many records there are in each state."""
    rows = job.planned.values_list("state").annotate(number=Count("id")).order_by()
    return dict(rows)
