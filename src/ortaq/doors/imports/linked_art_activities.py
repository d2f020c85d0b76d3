# SPDX-License-Identifier: Apache-2.0
"""Activities of Linked Art that have no identity of their own: a treatment, a payment, a stay. Their words are kept as words."""

from typing import Any

from ortaq.doors.imports.leaves import Leaves, Node, nodes
from ortaq.doors.imports.linked_art_times import span_in

_WHY = "it came in as words of the description"
_LITERAL = ("_label", "timespan", "paid_amount")


def words_of_activity(node: Node) -> list[str]:
    """Return what is said of an activity: its name, its statements, its time, what was paid."""
    found = [str(node["_label"])] if node.get("_label") else []
    found += [
        str(one["content"])
        for name in ("identified_by", "referred_to_by")
        for one in nodes(node, name)
        if isinstance(one.get("content"), str)
    ]
    found += [span for one in nodes(node, "timespan") if (span := span_in(Leaves(one), one, "timespan"))]
    found += [text for one in nodes(node, "paid_amount") if (text := _amount(one))]
    return [" ".join(text.split()) for text in found if text.strip()]


def _amount(node: Node) -> str:
    """Return "900 USD"."""
    value: Any = node.get("value")
    units = [str(one.get("notation") or one.get("_label") or "") for one in nodes(node, "currency")]
    return (
        " ".join(filter(None, [f"{value:g}", *units]))
        if isinstance(value, int | float) and not isinstance(value, bool)
        else ""
    )


def tell_lost(leaves: Leaves, node: Node) -> None:
    """Say of the parts of an activity that they are words now."""
    for name in _LITERAL:
        leaves.lose(node, _WHY, name)
    for name in ("identified_by", "referred_to_by"):
        for one in nodes(node, name):
            if "content" in one:
                leaves.lose(one, _WHY)
