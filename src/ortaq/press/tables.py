# SPDX-License-Identifier: Apache-2.0
"""The lists in data/: one JSON object a line, so that a language or a name is added without touching code."""

import json
from importlib import resources
from typing import Any


def table(name: str) -> list[dict[str, Any]]:
    """Return the rows of ``data/NAME.jsonl``."""
    text = resources.files("ortaq.press").joinpath("data", f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]
