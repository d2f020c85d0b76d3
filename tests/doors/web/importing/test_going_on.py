# SPDX-License-Identifier: Apache-2.0
"""An import that is cut off, stopped, thrown away or forgotten, and several at a time."""

import os
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ortaq.doors.imports import run
from ortaq.doors.web.importing import folders, work
from ortaq.records import jobs
from ortaq.records.models import Change, Job, Record
from ortaq.records.verification import verify_log, verify_projection
from tests.doors.web.importing.steps import begin, lines, place, report, send, worked


def test_who_lost_the_role_imports_nothing_more(steward: Client, houses: Any) -> None:
    from ortaq.people.models import Office

    address = begin(steward, ("a.jsonl", lines(place(1))))
    steward.post(address, {"do": "write"})
    Office.objects.update(role="editor")
    worked()
    assert (Job.objects.get().state, Record.objects.count()) == (Job.FAILED, 0)
    assert "Your role does not allow this" in steward.get(address).content.decode()


@pytest.mark.parametrize("stage", ["preview", "import"])
def test_import_goes_on_where_it_was_cut_off(steward: Client, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    """As after kill -9: whatever was not committed is gone."""
    monkeypatch.setattr(run, "BATCH_RECORDS", 3)
    one, two = lines(*(place(n) for n in range(10))), lines(*(place(n) for n in range(5, 20)))
    response = send(steward, ("a.jsonl", one), ("b.jsonl", two))
    if stage == "import":
        worked()
        steward.post(response["Location"], {"do": "write"})

    class Killed(BaseException):
        pass

    went_on, calls = work._Watcher.went_on, iter(range(100))

    def killed(self: Any, *given: Any) -> None:
        if next(calls) % 2:
            raise Killed
        went_on(self, *given)

    monkeypatch.setattr(work._Watcher, "went_on", killed)
    for _ in range(20):
        try:
            if not jobs.run_once():
                break
        except Killed:
            continue
    if stage == "preview":
        steward.post(response["Location"], {"do": "write"})
        monkeypatch.setattr(work._Watcher, "went_on", went_on)
        worked()
    found = report(steward, response["Location"])
    assert found["counts"] | {"made": 20, "unchanged": 5, "records_in": 25} == found["counts"]
    assert (Change.objects.count(), Record.objects.count()) == (20, 20)
    assert [*verify_log(), *verify_projection()] == []


def test_import_is_stopped_between_batches(steward: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "BATCH_RECORDS", 2)
    address = begin(steward, ("a.jsonl", lines(*(place(n) for n in range(10)))))
    steward.post(address, {"do": "write"})
    went_on = work._Watcher.went_on

    def stopping(self: Any, *given: Any) -> None:
        jobs.stop(Job.objects.get())
        went_on(self, *given)

    monkeypatch.setattr(work._Watcher, "went_on", stopping)
    worked()
    job = Job.objects.get()
    assert (job.state, Record.objects.count()) == (Job.STOPPED, 2)
    assert not folders.sent(job).exists()
    assert "Stopped" in steward.get(address).content.decode()


def test_preview_is_thrown_away(steward: Client) -> None:
    address = begin(steward, ("a.jsonl", lines(place(1))))
    steward.post(address, {"do": "stop"})
    job = Job.objects.get()
    assert (job.state, Record.objects.count()) == (Job.STOPPED, 0)
    assert list(folders.folder_of(job).iterdir()) == []
    assert steward.post(address, {"do": "write"}).status_code == 409


def test_what_was_abandoned_is_swept(steward: Client) -> None:
    address = begin(steward, ("a.jsonl", lines(place(1))))
    waiting = Job.objects.get()
    orphan = folders.new_folder()
    assert folders.sweep() == 0
    os.utime(orphan, (0, 0))
    Job.objects.update(made_at=timezone.now() - timezone.timedelta(days=8))
    assert folders.sweep() == 2
    assert not orphan.exists() and not folders.folder_of(waiting).exists()
    assert Job.objects.get().state == Job.STOPPED
    assert steward.get(address).status_code == 200 and steward.get(f"{address}/report.json").status_code == 404


def test_several_work_by_turns(steward: Client, other: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "BATCH_RECORDS", 1)
    monkeypatch.setattr(work, "_TURN_SECONDS", 0)
    for client in (steward, other):
        send(client, ("a.jsonl", lines(*(place(n) for n in range(4)))))
    monkeypatch.setattr(jobs, "_last", {})
    seen = []
    for _ in range(4):
        jobs.run_once()
        seen.append([job.done > 0 for job in Job.objects.order_by("id")])
    assert seen[0] == [True, False] and seen[1] == [True, True]
