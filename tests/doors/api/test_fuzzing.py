# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI document held against a served node by schemathesis, for a short while; tests/soak does it for long."""

from pathlib import Path

import pytest

from tests.fuzzing import fuzz, token_for
from tests.serving import Serve, serve

__all__ = ["serve"]
SHORT = ("--max-examples", "4", "--generation-deterministic", "--max-time")


@pytest.mark.parametrize(("role", "seconds"), [("steward", "40"), ("", "20")])
def test_served_node_answers_as_its_document_says(
    role: str, seconds: str, serve: Serve, command_environment: dict[str, str], tmp_path: Path
) -> None:
    command_environment |= {"ORTAQ_API_RATE": "0", "ORTAQ_API_STRANGER_RATE": "0"}
    token = token_for(command_environment, role) if role else ""
    done = fuzz(serve(), tmp_path, *SHORT, seconds, token=token)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr
