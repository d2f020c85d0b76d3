# SPDX-License-Identifier: Apache-2.0
"""Files beside a JSONL file come in with the records that name them."""

import json
from pathlib import Path

import pytest

from ortaq.core.audience import STRANGER
from ortaq.doors.imports.run import Options, run_import
from ortaq.files.fixity import verify_files
from ortaq.nodes.identity import Identity
from ortaq.records.models import Attachment, Record
from ortaq.records.queries import body_of, record_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in" / "plans").mkdir(parents=True)
    (tmp_path / "in" / "plans" / "plan.txt").write_text("Ön fasad: 12 m", "utf-8")
    (tmp_path / "secret.txt").write_text("not yours", "utf-8")
    return tmp_path / "in"


def bring(folder: Path, *files: object) -> str:
    line = {"kind": "material", "source_id": "m:1", "title": {"az": "Plan"}, "files": list(files)}
    (folder / "in.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    (summary,) = run_import([folder / "in.jsonl"], Options()).files
    refused = [name for name in ("made", "revised", "unchanged", "refused") if getattr(summary.counts, name)]
    return ", ".join(refused)


def test_file_is_kept_and_described(folder: Path, node: Identity) -> None:
    assert bring(folder, {"path": "plans/plan.txt"}) == "made"
    record = Record.objects.get(source_id="m:1")
    (file,) = body_of(record_of(record.uri, STRANGER))["files"]
    assert (file["name"], file["media_type"], file["bytes"]) == ("plan.txt", "text/plain", 15)
    assert Attachment.objects.get(record=record).digest == file["digest"]
    assert list(verify_files()) == []


def test_same_file_again_changes_nothing(folder: Path, node: Identity) -> None:
    bring(folder, {"path": "plans/plan.txt"})
    (folder / "in.jsonl").touch()
    assert bring(folder, {"path": "plans/plan.txt", "name": "plan.txt"}) == "unchanged"


@pytest.mark.parametrize("path", ["../secret.txt", "/etc/passwd", "plans/../../secret.txt", "plans/link"])
def test_path_may_not_leave_the_folder(folder: Path, node: Identity, path: str) -> None:
    (folder / "plans" / "link").symlink_to(folder.parent / "secret.txt")
    assert bring(folder, {"path": path}) == "refused"
    assert not Record.objects.exists()


@pytest.mark.parametrize("path", ["plans/none.txt", "plans", "a\0b", 7])
def test_what_is_no_file_is_refused(folder: Path, node: Identity, path: object) -> None:
    assert bring(folder, {"path": path}) == "refused"
