# SPDX-License-Identifier: Apache-2.0
"""Backups taken while an import writes: each is one moment of the node, restores and verifies."""

import random
import subprocess
import time
from pathlib import Path

import pytest

from tests.conftest import ENGINE
from tests.interruption import ORTAQ, Ortaq, has_node, inputs, state_of

RECORDS = 10_000


@pytest.mark.skipif(ENGINE != "sqlite", reason="the restored node would need a second database")
def test_backup_while_writing_restores_to_a_moment_of_the_node(
    ortaq: Ortaq, command_environment: dict[str, str], tmp_path: Path, chance: random.Random
) -> None:
    file = inputs(tmp_path, RECORDS)[0]
    importing = subprocess.Popen(
        [ORTAQ, "import", file], env=command_environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    backups: list[Path] = []
    while not has_node(command_environment):
        time.sleep(0.05)
    while importing.poll() is None:
        time.sleep(chance.uniform(0.1, 0.5))
        backups.append(tmp_path / f"backup-{len(backups)}")
        done = ortaq("backup", backups[-1])
        assert done.returncode == 0, done.stderr
    assert importing.returncode == 0
    whole = state_of(ortaq)

    counts = []
    for backup in backups:
        environment = {**command_environment, "ORTAQ_HOME": f"{backup}-node"}
        restored = _call(environment, "restore", backup)
        assert restored.returncode == 0, restored.stdout + restored.stderr
        state = state_of(lambda *words, node=environment: _call(node, *words))
        assert set(state.exported) <= set(whole.exported)
        assert state.changes == state.records == len(state.exported)
        counts.append(state.changes)
    print(f"backups of {counts} changes")
    assert counts == sorted(counts)
    assert counts[0] < RECORDS


def _call(environment: dict[str, str], *words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ORTAQ, *words], env=environment, capture_output=True, text=True)
