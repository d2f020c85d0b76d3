# SPDX-License-Identifier: Apache-2.0
"""An index that is half there: searches answer or say what to do, and it is made whole from the records."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.interruption import ORTAQ, Ortaq, inputs, killed, verified

RECORDS = 3_000


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _some(folder: Path, pattern: str) -> Path:
    return max(folder.glob(f"*/{pattern}"), key=lambda file: file.stat().st_size)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "a segment is missing": lambda folder: _some(folder, "*.store").unlink(),
    "postings are cut": lambda folder: _cut(_some(folder, "*.idx")),
    "the list of segments is cut": lambda folder: _cut(_some(folder, "meta.json")),
    "the list of segments is missing": lambda folder: _some(folder, "meta.json").unlink(),
    "the folder is empty": lambda folder: [shutil.rmtree(one) for one in folder.iterdir() if one.is_dir()] and None,
    "files of a commit that never ended": lambda folder: (
        [
            (one / "0123456789abcdef0123456789abcdef.idx").write_bytes(b"half")
            for one in folder.iterdir()
            if one.is_dir()
        ]
        and None
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_index_is_made_whole(ortaq: Ortaq, home: Path, tmp_path: Path, damage: str) -> None:
    assert ortaq("import", inputs(tmp_path, RECORDS)[0]).returncode == 0
    before = _found(ortaq)

    DAMAGES[damage](home / "index")

    asked = ortaq("search", "mosque", "--json")
    assert "Traceback" not in asked.stderr
    assert asked.returncode == 0 or "reindex" in asked.stderr, asked.stderr
    ortaq("verify")
    assert ortaq("reindex").returncode == 0
    verified(ortaq)
    assert _found(ortaq) == before


def test_killed_reindex_leaves_a_node_that_searches(
    ortaq: Ortaq, command_environment: dict[str, str], tmp_path: Path, chance: random.Random, rounds: int
) -> None:
    assert ortaq("import", inputs(tmp_path, RECORDS)[0]).returncode == 0
    before = _found(ortaq)
    for _ in range(max(3, rounds // 5)):
        killed([ORTAQ, "reindex"], command_environment, chance.uniform(0.3, 2.0), family=False)
        assert _found(ortaq) == before
        verified(ortaq)


def _found(ortaq: Ortaq) -> list[str]:
    done = ortaq("search", "mosque", "--json", "--limit", "50")
    assert done.returncode == 0, done.stderr
    return [hit["source_id"] for hit in json.loads(done.stdout)["hits"]]
