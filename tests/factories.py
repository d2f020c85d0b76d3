# SPDX-License-Identifier: Apache-2.0
"""Short ways to write records in tests, through the one door."""

from collections.abc import Callable
from typing import Any

Write = Callable[..., Any]


def write_place(
    source_id: str,
    *,
    audience: str = "public",
    by: str | None = None,
    expected_version: int | None = None,
    **title: Any,
) -> Any:
    """Write a place: `write_place("geo:1", az="Şəki", audience="node")`; its outcome is returned."""
    from ortaq.nodes.identity import identity
    from ortaq.records.door import Draft, write_change

    body = {"source_id": source_id, "title": title or {"az": source_id}}
    return write_change(Draft("place", body, audience, expected_version=expected_version), by=by or identity().uri)


def write_opinion(about: str, text: str = "Gözəl", *, audience: str = "public") -> Any:
    """Give an opinion on the record of a source id; its outcome is returned."""
    from ortaq.nodes.identity import identity
    from ortaq.records.door import Draft, write_change

    body = {"about": about, "motivation": "comment", "lang": "az", "text": text}
    return write_change(Draft("opinion", body, audience), by=identity().uri)
