# SPDX-License-Identifier: Apache-2.0
"""The sample corpus goes into a new data folder only, and into the whole of it."""

from pathlib import Path

import pytest
import run_node


@pytest.fixture
def imports(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Exit codes that the next imports end with; each import uses one up."""
    codes: list[int] = []
    monkeypatch.setattr(run_node, "run", lambda _command, _environment: codes.pop(0))
    return codes


def test_sample_is_imported_into_a_new_folder_once(tmp_path: Path, imports: list[int]) -> None:
    imports.append(0)
    assert run_node.import_sample(tmp_path / "node", {}) == 0
    (tmp_path / "node").mkdir()
    assert run_node.import_sample(tmp_path / "node", {}) == 0
    assert imports == []


def test_interrupted_import_is_taken_up_again(tmp_path: Path, imports: list[int]) -> None:
    imports += [1, 0]
    assert run_node.import_sample(tmp_path / "node", {}) == 1
    (tmp_path / "node").mkdir()
    assert run_node.import_sample(tmp_path / "node", {}) == 0
    assert imports == []


def test_folder_of_somebody_else_gets_no_sample(tmp_path: Path, imports: list[int]) -> None:
    assert run_node.import_sample(tmp_path, {}) == 0
    assert imports == []


def test_sample_is_there() -> None:
    assert {"sample/monuments.jsonl", "sample/places.jsonl"} <= set(run_node.SAMPLE)
