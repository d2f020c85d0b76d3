# SPDX-License-Identifier: Apache-2.0
"""What `verify`, `backup` and `restore` know of uploads: nothing that people sent is lost, nothing that nobody names is overlooked."""

import json
import os
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ENGINE
from tests.interruption import ORTAQ, Ortaq
from tests.sending import lying, sender
from tests.serving import Serve


@pytest.mark.skipif(ENGINE != "sqlite", reason="the restored node would need a second database")
def test_backup_has_what_people_sent_and_verify_finds_what_nobody_names(
    serve: Serve, ortaq: Ortaq, command_environment: dict[str, Any], tmp_path: Path
) -> None:
    node = serve()
    who = sender(node)
    address = who.begin(5).headers["location"]
    assert who.send(address, 0, b"whole").status == 204
    about = json.loads(who.ask("GET", address).body)
    begun = who.begin(10, "begun.txt").headers["location"]
    who.send_part_of(begun, 0, b"begun", 10).close()
    node.stop()
    assert ortaq("verify").returncode == 0

    assert ortaq("backup", tmp_path / "backup").returncode == 0
    restored = {**command_environment, "ORTAQ_HOME": str(tmp_path / "restored")}
    done = subprocess.run([ORTAQ, "restore", tmp_path / "backup"], env=restored, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(lying(restored).values()) == [5]
    with closing(sqlite3.connect(tmp_path / "restored" / "node.sqlite3")) as database:
        assert database.execute("SELECT digest FROM files_upload").fetchall() == [(about["digest"],)]

    home = Path(restored["ORTAQ_HOME"])
    stray = [home / "uploads" / ("a" * 26), home / "files" / "00" / ("0" * 62)]
    for path in stray:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"left")
        os.utime(path, (time.time() - 7200,) * 2)
    command_environment["ORTAQ_HOME"] = restored["ORTAQ_HOME"]
    found = ortaq("verify")
    assert found.returncode == 1
    assert {line.split(":")[0] for line in found.stdout.splitlines()} == {"uploads.stray", "files.unnamed"}
