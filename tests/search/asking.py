# SPDX-License-Identifier: Apache-2.0
"""Drafts of places, and what a question finds among records by source id."""

from typing import Any

from ortaq.core.audience import STRANGER, Viewer
from ortaq.records.door import Draft
from ortaq.search.query import search
from ortaq.search.question import Question


def place(source_id: str, audience: str = "public", *, body: dict[str, Any] | None = None, **title: Any) -> Draft:
    tags = {tag.replace("_", "-"): names for tag, names in title.items()}
    return Draft("place", {"source_id": source_id, "title": tags, **(body or {})}, audience)


def found(text: str = "", viewer: Viewer = STRANGER, **more: Any) -> list[str | None]:
    """The source ids of what is found, without similar names."""
    return [hit.source_id for hit in search(Question(text, **more), viewer).hits if not hit.is_similar]
