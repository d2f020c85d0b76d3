# SPDX-License-Identifier: Apache-2.0
"""How an import from a page is brought on beside the server: foreseen first, file by file and batch by batch, then written.

Both ways are the importer's own, with its journal: killed anywhere, the next piece goes on behind the last batch that is safely in.
What became of a finished file lies in a file of entries and in the row of the job, so that the report is one whole in the end.
"""

import contextlib
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson
from django.db import transaction

from ortaq.core.audience import Viewer
from ortaq.core.errors import OrtaqError
from ortaq.doors.imports.behalf import BehalfHand
from ortaq.doors.imports.brought import Brought
from ortaq.doors.imports.foreseen import Foreseen
from ortaq.doors.imports.formats import Wishes
from ortaq.doors.imports.item import Mark
from ortaq.doors.imports.journal import Counts, source_ids_in
from ortaq.doors.imports.mapping import Columns
from ortaq.doors.imports.report import Report
from ortaq.doors.imports.run import FileSummary, Options, Run
from ortaq.doors.imports.source import Source
from ortaq.doors.web.importing import folders
from ortaq.doors.web.importing.folders import SORT
from ortaq.nodes.identity import identity
from ortaq.people import audit, rules
from ortaq.people.errors import Denied
from ortaq.records import jobs
from ortaq.records.models import Job

__all__ = ["SORT", "check_may", "confirm", "stage_of", "step", "totals"]
PREVIEW, REPORT = "preview", "report"
_TURN_SECONDS = 10
_SHOWN_OF_A_CODE = 20
_SHOWN_CODES = 40
_SHOWN_FIRST = 10
_SHOWN_LOST = 40


class _Pause(Exception):
    """It is another's turn, or somebody wants it to stop."""


def stage_of(job: Job) -> str:
    return PREVIEW if job.state in (Job.DRAFT, Job.PLANNING, Job.PLANNED) else REPORT


def check_may(job: Job, viewer: Viewer) -> None:
    """Raise Denied unless *viewer* may still import in the name of the job's institution."""
    acting = viewer.standing.institution if viewer.standing else ""
    if not rules.may_import(viewer) or acting != job.institution:
        raise Denied(action="records.import")


def confirm(job: Job, viewer: Viewer) -> None:
    """Let what was foreseen be written. Raises Denied, JobNotOpen."""
    check_may(job, viewer)
    with transaction.atomic():
        jobs.move(job, Job.PLANNED, Job.RUNNING)
        Job.objects.filter(pk=job.pk).update(done=0)
        _note("records.import", job, totals(job.counts.get(PREVIEW, {})))


def step(job: Job) -> None:
    """Import until it is another's turn."""
    viewer = jobs.viewer_of_job(job)
    check_may(job, viewer)
    stage = stage_of(job)
    with _inside(folders.sent(job)), contextlib.closing(Foreseen(folders.folder_of(job) / "foreseen.sqlite3")) as ahead:
        try:
            _take_files(job, viewer, stage, ahead)
        except _Pause:
            if jobs.is_unwanted(job):
                _end(job, Job.STOPPED)
            return
    with Report(folders.folder_of(job) / f"{stage}.json").writing() as report:
        for number, about in enumerate(job.counts[stage]["files"]):
            report.add(about, _entries(job, stage, number))
        report.finish(totals(job.counts[stage]))
    if stage == REPORT:
        _end(job, Job.DONE)
        return
    job.state, job.done = Job.PLANNED, 0
    job.save(update_fields=["state", "done"])


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """Work in *folder*: the report and its messages name the files as they were sent. The process that works does nothing else."""
    before = os.open(".", os.O_RDONLY)
    try:
        os.chdir(folder)
        yield
    finally:
        os.fchdir(before)
        os.close(before)


def _take_files(job: Job, viewer: Viewer, stage: str, ahead: Foreseen) -> None:
    run = _run(job, viewer, stage, ahead)
    found: dict[str, Any] = job.counts.setdefault(
        stage, {"files": [], "codes": {}, "refused": [], "first": [], "lost": {}}
    )
    for number, about in enumerate(found["files"]):
        run.seen.begin(about["file"])
        run.seen.note(source_ids_in(_entries(job, stage, number)))
    for file in job.wishes["files"][len(found["files"]) :]:

        def settle(about: FileSummary, entries: Iterable[bytes]) -> None:
            _settle(job, stage, about, entries)

        run.take(Path(file["name"]), settle)


def _run(job: Job, viewer: Viewer, stage: str, ahead: Foreseen) -> Run:
    is_preview = stage == PREVIEW
    brought = Brought(folders.sent(job), job.institution, is_preview)
    if is_preview:
        ahead.described = brought.looked_at
    hand = BehalfHand(
        viewer, job.institution, identity(), names=ahead, brought=brought.digests, ahead=ahead if is_preview else None
    )
    mappings = {Path(file["name"]): Columns(**file["mapping"]) for file in job.wishes["files"] if file.get("mapping")}
    options = Options(
        format=job.wishes["format"],
        wishes=Wishes(job.wishes["audience"], None, mappings, brought),
        hand=hand,
        journals=folders.folder_of(job) / "journals" / stage,
    )
    return Run(options, _Watcher(job, ahead, stage))


class _Watcher:
    """Notes how far it is, and gives others their turn."""

    def __init__(self, job: Job, ahead: Foreseen, stage: str) -> None:
        self._job, self._ahead, self._stage = job, ahead, stage
        self._until = time.monotonic() + _TURN_SECONDS

    def began(self, source: Source, mark: Mark) -> None: ...

    def refused(self, file: Path, line: int | None, error: OrtaqError) -> None: ...

    def went_on(self, source: Source, done: int, counts: Counts) -> None:
        self._ahead.commit()
        job = self._job
        finished = len(job.counts[self._stage]["files"])
        before = sum(file["bytes"] for file in job.wishes["files"][:finished])
        job.done = min(job.total, before + done)
        job.counts["now"] = counts.as_dict()
        Job.objects.filter(pk=job.pk).update(done=job.done, counts=job.counts, attempts=0)
        if jobs.is_unwanted(job) or (time.monotonic() > self._until and jobs.others_wait(job)):
            raise _Pause


def _settle(job: Job, stage: str, about: FileSummary, entries: Iterable[bytes]) -> None:
    """Keep what became of a file, before its journal goes."""
    found = job.counts[stage]
    number, lost = len(found["files"]), Counter(found["lost"])
    kept = _entries_file(job, stage, number)
    with kept.with_suffix(".partial").open("wb") as out:
        for line in entries:
            out.write(line)
            _note_entry(found, lost, number, orjson.loads(line))
    kept.with_suffix(".partial").replace(kept)
    found["lost"] = dict(lost.most_common(_SHOWN_LOST))
    found["files"].append(about.as_dict())
    if about.error is not None:
        found.setdefault("told", {})[str(number)] = jobs.as_told(about.error)
    job.counts.pop("now", None)
    job.save(update_fields=["counts"])


def _note_entry(found: dict[str, Any], lost: Counter[str], number: int, entry: dict[str, Any]) -> None:
    if len(found["first"]) < _SHOWN_FIRST:
        found["first"].append({name: entry.get(name) for name in ("line", "source_id", "outcome", "uri")})
    for one in entry.get("lost", ()):
        lost[f"{one['path']}\n{one['why']}"] += one["count"]
    if told := entry.get("told"):
        codes = found["codes"]
        codes[told["code"]] = codes.get(told["code"], 0) + 1
        if codes[told["code"]] <= _SHOWN_OF_A_CODE and len(codes) <= _SHOWN_CODES:
            found["refused"].append({"file": number, "line": entry["line"], "told": _short(told)})


def _short(told: dict[str, Any]) -> dict[str, Any]:
    """The row of the job is read for each page: no fact of it is long."""
    facts = {name: text[:300] for name, text in told["facts"].items()}
    return {**told, "facts": facts, "found": told.get("found", [])[:3]}


def _entries_file(job: Job, stage: str, number: int) -> Path:
    return folders.folder_of(job) / f"{stage}-{number}.entries"


def _entries(job: Job, stage: str, number: int) -> Iterator[bytes]:
    with _entries_file(job, stage, number).open("rb") as file:
        yield from file


def totals(found: dict[str, Any]) -> Counts:
    total = Counts()
    for about in found.get("files", ()):
        total.add(Counts(**about["counts"]))
    return total


def _end(job: Job, state: str) -> None:
    """Note the end together with what came in; then what was sent is not needed any more."""
    so_far = totals(job.counts.get(REPORT, {}))
    if "now" in job.counts:
        so_far.add(Counts(**job.counts["now"]))
    with transaction.atomic():
        jobs.ended(job, state)
        if so_far.records_in:
            _note("records.imported", job, so_far)
    folders.keep_report_only(job)


def _note(action: str, job: Job, counts: Counts) -> None:
    names = [file["name"] for file in job.wishes["files"]][:20]
    numbers = {name: number for name, number in counts.as_dict().items() if number}
    audit.note(action, actor=job.actor, institution=job.institution, subject=job.key, files=names, **numbers)
