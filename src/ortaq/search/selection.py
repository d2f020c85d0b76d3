# SPDX-License-Identifier: Apache-2.0
"""Everything that a search finds, not only a page of it, in flat memory."""

from collections.abc import Iterator
from dataclasses import replace

from ortaq.core.audience import Viewer
from ortaq.records.models import Record
from ortaq.records.queries import records_for
from ortaq.search.query import search
from ortaq.search.question import Question

_PAGE = 200


def all_found(question: Question, viewer: Viewer) -> Iterator[Record]:
    """Yield every record that *question* finds, with its newest change; names that are only similar stay out.

    They come in the order in which they were made: that order has no deepest page.
    """
    after: str | None = None
    while True:
        answer = search(replace(question, order="oldest", after=after, limit=_PAGE), viewer)
        ids = [hit.record_id for hit in answer.hits if not hit.is_similar]
        rows = {row.id: row for row in records_for(viewer).select_related("change").filter(id__in=ids)}
        yield from (rows[id_] for id_ in ids if id_ in rows)
        after = answer.after
        if after is None:
            return
