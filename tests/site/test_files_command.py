# SPDX-License-Identifier: Apache-2.0
"""One byte of a kept file flipped: `ortaq verify` names the file and its record, and the file is healed from a backup."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.interruption import ORTAQ, killed

Ortaq = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def filled(ortaq: Ortaq, tmp_path: Path) -> Ortaq:
    """The command on a node with a material that has two files."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "plan.txt").write_text("Ön fasad: 12 m", "utf-8")
    (tmp_path / "in" / "kəsik.txt").write_text("Kəsik: 7 m", "utf-8")
    line = {
        "kind": "material",
        "source_id": "m:1",
        "title": {"az": "Plan"},
        "files": [{"path": "plan.txt"}, {"path": "kəsik.txt"}],
    }
    (tmp_path / "in" / "in.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    done = ortaq("import", tmp_path / "in" / "in.jsonl")
    assert done.returncode == 0, done.stderr
    return ortaq


def flip_one(home: Path) -> Path:
    """Flip one bit of a byte of the first kept file."""
    path = sorted(path for path in (home / "files").glob("??/*"))[0]
    data = bytearray(path.read_bytes())
    data[3] ^= 1
    path.write_bytes(data)
    return path


def test_flipped_byte_is_named_and_healed_from_a_backup(filled: Ortaq, home: Path, tmp_path: Path) -> None:
    assert filled("backup", tmp_path / "backups" / "2026-11-27").returncode == 0
    path = flip_one(home)

    before = filled("verify", "--json")
    found = json.loads(before.stdout)
    assert (before.returncode, found["code"]) == (1, "files.altered")
    assert "named by urn:ortaq:" in found["what"]

    checked = filled("files", "check", "--json")
    assert checked.returncode == 1
    named = json.loads(checked.stdout)
    assert (named["state"], named["file"]) == ("damaged", found["where"])
    assert len(named["records"]) == 1
    assert not path.exists()

    alone = filled("files", "heal", "--known")
    assert (alone.returncode, "1 files are still damaged" in alone.stderr) == (1, True)
    healed = filled("files", "heal", "--from", tmp_path / "backups")
    assert healed.returncode == 0, healed.stdout + healed.stderr
    assert healed.stdout.startswith(f"healed {found['where']}: files.altered; named by urn:ortaq:")
    assert path.exists()

    after = filled("verify")
    assert (after.returncode, after.stdout) == (0, ""), after.stdout


def test_heal_reads_all_files_first(filled: Ortaq, home: Path, tmp_path: Path) -> None:
    assert filled("backup", tmp_path / "backup").returncode == 0
    flip_one(home)
    assert filled("files", "heal", "--from", tmp_path / "backup").returncode == 0
    assert filled("verify").returncode == 0


def test_folder_that_is_not_there_is_said(filled: Ortaq, tmp_path: Path) -> None:
    done = filled("files", "heal", "--from", tmp_path / "nothing")
    assert (done.returncode, "files.folder-absent" in done.stderr) == (1, True)


def test_wrong_bytes_go_into_no_backup(filled: Ortaq, home: Path, tmp_path: Path) -> None:
    flip_one(home)
    done = filled("backup", tmp_path / "backup")
    assert (done.returncode, "1 damaged files are not in it" in done.stderr) == (1, True)
    assert len(list((tmp_path / "backup" / "files").glob("??/*"))) == 1
    assert filled("files", "check").returncode == 1  # moved aside: still nothing that stops a backup
    assert filled("backup", tmp_path / "backup-2").returncode == 1


def test_killed_check_leaves_a_node_that_is_checked_again(
    filled: Ortaq, home: Path, tmp_path: Path, command_environment: dict[str, str]
) -> None:
    assert filled("backup", tmp_path / "backup").returncode == 0
    flip_one(home)
    for after in (0.9, 1.2, 1.5):
        killed([ORTAQ, "files", "heal", "--from", str(tmp_path / "backup")], command_environment, after, family=True)
    assert filled("files", "heal", "--from", tmp_path / "backup").returncode == 0
    assert filled("verify").returncode == 0
