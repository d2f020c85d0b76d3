# SPDX-License-Identifier: Apache-2.0
"""schemathesis over the whole API: ORTAQ_SOAK_MINUTES=… says for how long (20), ORTAQ_SOAK_SEED=… repeats a run."""

import os
import random
from pathlib import Path

import pytest

from tests.fuzzing import fuzz, token_for
from tests.serving import Serve

MINUTES = float(os.environ.get("ORTAQ_SOAK_MINUTES", "20"))
# who asks, and for how much of the time; the first makes what the others meet
SHARES = [("steward", 0.6), ("contributor", 0.2), ("", 0.2)]


def test_no_operation_fails_and_none_answers_what_is_not_documented(
    serve: Serve,
    command_environment: dict[str, str],
    tmp_path: Path,
    chance: random.Random,
    capsys: pytest.CaptureFixture[str],
) -> None:
    command_environment |= {"ORTAQ_API_RATE": "0", "ORTAQ_API_STRANGER_RATE": "0", "ORTAQ_LOG": "ERROR"}
    tokens = {role: token_for(command_environment, role) for role, _ in SHARES if role}
    node, failed = serve(), []
    for role, share in SHARES:
        seconds = max(30, int(MINUTES * 60 * share))
        limits = ["--max-examples", "200", "--max-time", str(seconds), "--seed", str(chance.randrange(10**6))]
        done = fuzz(node, tmp_path, *limits, token=tokens.get(role, ""))
        with capsys.disabled():
            print(f"\nas {role or 'a stranger'}, {seconds} s:\n{done.stdout[-3_000:]}")
        if done.returncode:
            failed.append(done.stdout[-20_000:] + done.stderr)
    assert not failed, "\n".join(failed)
    assert node.process.poll() is None
    assert [line for line in node.lines if "ERROR" in line or "Traceback" in line] == []
