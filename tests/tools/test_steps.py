# SPDX-License-Identifier: Apache-2.0
"""A step of the set-up is done once, and again when what it depends on has changed or it failed."""

from pathlib import Path

import pytest
import steps
from system import Missing


@pytest.fixture(autouse=True)
def stamps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "STAMPS", tmp_path / "stamps")


def test_step_is_done_once_and_again_after_a_change(tmp_path: Path) -> None:
    source, calls = tmp_path / "lock.json", []
    source.write_text("1")

    def copy() -> None:
        calls.append(source.read_text())

    step = steps.Step("copying", copy, lambda: steps.digest_of(source))
    assert steps.run_steps([step]) == ["copying"]
    assert steps.run_steps([step]) == []
    source.write_text("2")
    assert steps.run_steps([step]) == ["copying"]
    assert calls == ["1", "2"]


def test_failed_step_stops_the_rest_and_is_tried_again() -> None:
    calls = []

    def fail() -> None:
        calls.append("fail")
        raise Missing("no network")

    waiting = [
        steps.Step("first", fail, lambda: "x"),
        steps.Step("second", lambda: calls.append("second"), lambda: "x"),
    ]
    for _ in range(2):
        with pytest.raises(Missing):
            steps.run_steps(waiting)
    assert calls == ["fail", "fail"]


def test_step_whose_result_is_missing_is_not_done() -> None:
    def look() -> None:
        pass

    step = steps.Step("looking for a program", look, lambda: "")
    steps.run_steps([step])
    assert not steps.is_done(step)


def test_digest_tells_parts_and_missing_files_apart(tmp_path: Path) -> None:
    assert steps.digest_of("ab", "c") != steps.digest_of("a", "bc")
    assert steps.digest_of(tmp_path / "missing") == steps.digest_of("")
