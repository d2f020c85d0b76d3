# SPDX-License-Identifier: Apache-2.0
"""What a node holds, looked at by a verifier that shares no code with it."""

import subprocess
import sys
from pathlib import Path

from tests.exchange.members import Member

VERIFIER = Path(__file__).parents[1] / "independent_verifier.py"


def check_by_another_verifier(one: Member, folder: Path, count: int) -> None:
    assert one.ortaq("backup", folder / one.name).returncode == 0
    command = [sys.executable, "-I", VERIFIER, folder / one.name / "changes.jsonl.gz"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{count} changes" in done.stdout and "0 findings, 3 nodes" in done.stdout, done.stdout
