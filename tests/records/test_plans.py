# SPDX-License-Identifier: Apache-2.0
"""Many records changed: what was shown is what is written, whatever happens in between, and it can be undone."""

from typing import Any

import pytest

from ortaq.core.audience import of_institution
from ortaq.people.errors import Denied
from ortaq.people.models import AuditEntry, Office
from ortaq.records import jobs, plans
from ortaq.records.door import Draft, write_change
from ortaq.records.models import Change, Job, PlannedChange, Record
from ortaq.records.queries import body_of, standing
from tests.factories import actor_of, institution, join, viewer

NOTE = "Ölkə kodu əlavə olundu"


class Scene:
    """Two institutions, a steward of the first, and three monuments of it."""

    def __init__(self) -> None:
        self.a, self.b = institution("Muzey A"), institution("Arxiv B")
        self.steward = join("steward", of=self.a, role="steward")
        self.author = actor_of(join("author", of=self.a, role="contributor"))
        self.stranger = actor_of(join("other", of=self.b, role="steward"))
        self.uris = [self.write(f"m:{number}") for number in range(3)]

    def write(self, source_id: str, *, by: str = "", audience: str = "public", **more: Any) -> str:
        body = {"source_id": source_id, "title": {"az": [source_id]}, **more}
        uri = write_change(Draft("monument", body, audience), by=by or self.author).uri
        assert uri is not None
        return uri

    def planned(self, uris: list[str], **wished: Any) -> Job:
        usual = {"kind": "monument", "field": "countries", "operation": "add", "value": ["AZ"], "instead": None}
        job = jobs.begin_job(
            viewer(self.steward), self.steward, plans.SORT, {**usual, "note": NOTE, **wished}, Job.PLANNED
        )
        plans.plan_records(job, viewer(self.steward), list(standing(uris).values()))
        job.total = job.planned.count()
        job.save()
        return job

    def written(self, job: Job) -> Job:
        plans.confirm(job, viewer(self.steward))
        while jobs.run_once():
            pass
        job.refresh_from_db()
        return job


@pytest.fixture
def scene(node: Any) -> Scene:
    return Scene()


def body(uri: str) -> dict[str, Any]:
    return body_of(standing([uri])[uri])


def states(job: Job) -> dict[str, str]:
    return dict(job.planned.values_list("record", "state"))


def test_each_record_gets_a_signed_version_that_says_why(scene: Scene) -> None:
    job = scene.written(scene.planned(scene.uris))

    assert (job.state, job.counts, job.done) == (Job.DONE, {"written": 3}, 3)
    for uri in scene.uris:
        assert (body(uri)["countries"], body(uri)["change_note"]) == (["AZ"], NOTE)
        change = Change.objects.get(record=uri, version=2)
        assert change.by == actor_of(scene.steward)
    entry = AuditEntry.objects.get(action="records.change-many")
    assert (entry.institution, entry.facts) == (scene.a.id, {"field": "countries", "records": 3})


def test_what_is_there_already_or_not_valid_is_told_apart(scene: Scene) -> None:
    has_it = scene.write("m:has", countries=["AZ"])
    job = scene.planned([*scene.uris, has_it])
    assert states(job)[has_it] == PlannedChange.SAME

    job = scene.planned(scene.uris, field="title", operation="clear", value=None)
    assert set(states(job).values()) == {PlannedChange.LEFT}
    why = job.planned.first().why  # type: ignore[union-attr]
    assert (why["code"], why["found"][0]["where"]) == ("record.invalid", "title")


def test_records_of_others_and_opinions_of_others_are_left_out(scene: Scene) -> None:
    foreign = scene.write("m:b", by=scene.stranger)
    of_node = scene.write("m:node", by="urn:ortaq:" + "a" * 26)
    job = scene.written(scene.planned([*scene.uris, foreign, of_node]))

    assert (states(job)[foreign], states(job)[of_node]) == (PlannedChange.LEFT, PlannedChange.LEFT)
    assert job.planned.get(record=foreign).why["code"] == "person.denied"
    assert "countries" not in body(foreign) and Change.objects.filter(record=foreign).count() == 1


def test_what_was_revised_meanwhile_is_left_out_and_said(scene: Scene) -> None:
    job = scene.planned(scene.uris)
    write_change(
        Draft("monument", {**body(scene.uris[1]), "title": {"az": ["Başqa"]}}, uri=scene.uris[1]), by=scene.author
    )
    scene.written(job)

    left = job.planned.get(record=scene.uris[1])
    assert (left.state, left.why["code"]) == (PlannedChange.LEFT, "record.stale-version")
    assert body(scene.uris[1])["title"] == {"az": ["Başqa"]}
    assert job.counts == {"written": 2, "left": 1}


def test_undo_writes_the_earlier_content_back_but_not_over_later_work(scene: Scene) -> None:
    before = [body(uri) for uri in scene.uris]
    job = scene.written(scene.planned(scene.uris))
    later = {**body(scene.uris[2]), "title": {"az": ["Sonra"]}}
    write_change(Draft("monument", later, uri=scene.uris[2]), by=scene.author)

    back = plans.undo(job, viewer(scene.steward), scene.steward, "Səhv idi")
    while jobs.run_once():
        pass

    assert [body(uri) for uri in scene.uris[:2]] == [{**one, "change_note": "Səhv idi"} for one in before[:2]]
    assert body(scene.uris[2]) == later
    assert plans.counts_of(back) == {"written": 2, "left": 1}
    with pytest.raises(jobs.JobNotOpen):
        plans.undo(Job.objects.get(pk=job.pk), viewer(scene.steward), scene.steward, "yenə")


def test_audience_is_changed_like_a_field_and_undone(scene: Scene) -> None:
    house = of_institution(scene.a.id)
    job = scene.written(scene.planned(scene.uris, field=plans.AUDIENCE, operation="set", value=house))
    assert {Record.objects.get(uri=uri).audience for uri in scene.uris} == {house}

    plans.undo(job, viewer(scene.steward), scene.steward, "geri")
    jobs.run_once()
    assert {Record.objects.get(uri=uri).audience for uri in scene.uris} == {"public"}


def test_record_hidden_meanwhile_is_left_alone(scene: Scene) -> None:
    job = scene.planned(scene.uris)
    write_change(Draft("monument", body(scene.uris[0]), "private", scene.uris[0]), by=scene.author)
    scene.written(job)
    assert job.planned.get(record=scene.uris[0]).why["code"] == "record.absent"
    assert "countries" not in body(scene.uris[0])


def test_rights_lost_meanwhile_end_the_job(scene: Scene) -> None:
    job = scene.planned(scene.uris)
    plans.confirm(job, viewer(scene.steward))
    Office.objects.filter(membership__person=scene.steward).update(role="contributor")
    assert jobs.run_once()
    job.refresh_from_db()
    assert (job.state, job.problem["code"]) == (Job.FAILED, "person.denied")
    assert all("countries" not in body(uri) for uri in scene.uris)
    with pytest.raises(Denied):
        plans.undo(job, viewer(scene.steward), scene.steward, "geri")


def test_plan_is_confirmed_once_and_seen_by_its_person_alone(scene: Scene) -> None:
    job = scene.planned(scene.uris)
    plans.confirm(job, viewer(scene.steward))
    with pytest.raises(jobs.JobNotOpen):
        plans.confirm(job, viewer(scene.steward))
    assert jobs.job_of(job.key, scene.steward, plans.SORT) == job
    with pytest.raises(Exception, match="There is no record"):
        jobs.job_of(job.key, join("colleague", of=scene.a, role="administrator"), plans.SORT)


def test_batches_go_on_where_they_were_interrupted(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch whose process dies leaves nothing; the next one writes it, and nothing is written twice."""
    monkeypatch.setattr(plans, "BATCH", 2)
    job = scene.planned(scene.uris)
    plans.confirm(job, viewer(scene.steward))
    assert jobs.run_once()
    assert plans.counts_of(job) == {"written": 2, "to-do": 1}

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(plans, "_settle", dies)
        with pytest.raises(KeyboardInterrupt):
            jobs.run_once()
    assert plans.counts_of(job) == {"written": 2, "to-do": 1}
    assert Change.objects.filter(version=2).count() == 2
    while jobs.run_once():
        pass
    job.refresh_from_db()
    assert (job.state, job.counts, job.attempts) == (Job.DONE, {"written": 3}, 0)
    assert Change.objects.filter(version=2).count() == 3


def test_job_that_stops_again_and_again_is_given_up(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    job = scene.planned(scene.uris)
    plans.confirm(job, viewer(scene.steward))

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(plans, "revise_records", dies)
    for _number in range(5):
        with pytest.raises(KeyboardInterrupt):
            jobs.run_once()
    assert jobs.run_once() and not jobs.run_once()
    job.refresh_from_db()
    assert (job.state, job.problem["code"]) == (Job.FAILED, "job.broken")
