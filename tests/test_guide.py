# SPDX-License-Identifier: Apache-2.0
"""The examples of the guide are run as they stand there."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.fuzzing import token_for
from tests.serving import Serve, serve

__all__ = ["serve"]
GUIDE = Path(__file__).resolve().parent.parent / "docs/guide"
MOST_LINES = 40


def examples(page: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", (GUIDE / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_example_of_the_api_does_what_the_guide_says(
    ortaq: Callable[..., Any], serve: Serve, command_environment: dict[str, str], tmp_path: Path
) -> None:
    example = examples("api.md")[0]
    token = token_for(command_environment, "editor")
    (tmp_path / "first.jsonl").write_text('{"kind": "place", "title": {"az": "Bakı"}}\n', encoding="utf-8")
    assert ortaq("import", tmp_path / "first.jsonl").returncode == 0  # a node with nothing in it has no index yet
    environment = {**os.environ, "ORTAQ_URL": f"http://127.0.0.1:{serve().port}", "ORTAQ_TOKEN": token}
    file = tmp_path / "example.py"
    file.write_text(example, encoding="utf-8")

    done = subprocess.run([sys.executable, file], env=environment, capture_output=True, text=True, timeout=120)

    assert done.stderr == ""
    assert re.sub(r"urn:ortaq:\S+", "urn:ortaq:…", done.stdout).splitlines() == [
        "412 2",
        "1 urn:ortaq:… eddsa-jcs-2022",
        "2 urn:ortaq:… eddsa-jcs-2022",
    ]
    assert len([line for line in example.splitlines() if line.strip()]) <= MOST_LINES
