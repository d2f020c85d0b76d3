# SPDX-License-Identifier: Apache-2.0
"""What an import has on disk, below HOME/imports/KEY: the files that were sent, how far it is, its report; and when that goes."""

import datetime
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from ortaq.files.store import is_old
from ortaq.records import jobs
from ortaq.records.models import Job

SORT = "import"
_INCOMING = "incoming-"


def imports() -> Path:
    return Path(settings.HOME) / "imports"


def new_folder() -> Path:
    """Return an empty folder for what a form brings; it has no job yet."""
    folder = imports() / f"{_INCOMING}{secrets.token_hex(8)}"
    (folder / "sent").mkdir(parents=True)
    return folder


def folder_of(job: Job) -> Path:
    return imports() / job.key


def sent(job: Job) -> Path:
    """Where the files lie as they were sent: lines may name what is in here, and nothing else."""
    return folder_of(job) / "sent"


def report_of(job: Job) -> Path | None:
    """Return the report: of the import, or as long as it has not ended, of the preview."""
    here = folder_of(job)
    return next((path for name in ("report", "preview") if (path := here / f"{name}.json").is_file()), None)


def adopt(folder: Path, job: Job) -> None:
    """Give the job what the form brought."""
    folder.rename(folder_of(job))


def drop(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def keep_report_only(job: Job) -> None:
    """Nothing more comes in: what was sent is not needed any more."""
    for path in folder_of(job).glob("*"):
        if path.name != "report.json":
            drop(path) if path.is_dir() else path.unlink(missing_ok=True)


def forget_preview(job: Job) -> None:
    """The columns are chosen anew: what was foreseen does not hold."""
    for path in folder_of(job).glob("*"):
        if path.name != "sent":
            drop(path) if path.is_dir() else path.unlink(missing_ok=True)


def sweep() -> int:
    """Remove what was abandoned: forms cut off, imports that nobody went on with, reports after a while. How many went."""
    return sum(_swept(folder) for folder in _folders())


def _folders() -> Iterator[Path]:
    if imports().is_dir():
        yield from (path for path in imports().iterdir() if path.is_dir())


def _swept(folder: Path) -> bool:
    job = Job.objects.filter(key=folder.name, sort=SORT).first()
    now = timezone.now()
    if job is None:
        is_over = is_old(folder)
    elif job.is_at_work:
        is_over = False
    elif job.ended_at:
        keep_report_only(job)
        is_over = job.ended_at < now - datetime.timedelta(days=settings.IMPORT_REPORT_DAYS)
    else:
        is_over = job.made_at < now - datetime.timedelta(days=settings.UPLOAD_DAYS)
        if is_over:
            jobs.stop(job)
    if is_over:
        drop(folder)
    return is_over
