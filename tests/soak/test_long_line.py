# SPDX-License-Identifier: Apache-2.0
"""A line of two gigabytes is refused by name, in little memory."""

import os
import subprocess
from pathlib import Path

from bench.process import watched
from tests.interruption import ORTAQ, Ortaq, verified

TWO_GB = 2 << 30
MOST_BYTES = 500_000_000


def test_line_of_two_gigabytes_takes_little_memory(
    ortaq: Ortaq, command_environment: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "long.jsonl"
    file.write_bytes(b'{"kind":"place","title":{"az":"')
    os.truncate(file, TWO_GB)  # sparse: two gigabytes to read, nothing on the disk
    with file.open("ab") as stream:
        stream.write(b'"}}\n{"kind":"place","source_id":"a:1","title":{"az":"Quba"}}\n')

    command = [ORTAQ, "import", file]
    with (
        subprocess.Popen(
            command, env=command_environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process,
        watched(process.pid) as peak,
    ):
        output, errors = process.communicate()

    print(f"peak {peak.resident / 1e6:.0f} MB resident, {peak.anonymous / 1e6:.0f} MB anonymous")
    assert process.returncode == 1
    assert "import.line-too-long" in errors and errors.count("\n") <= 2
    assert "2 in = 1 made" in output
    assert peak.resident < MOST_BYTES
    assert verified(ortaq) == (1, 1)
