# SPDX-License-Identifier: Apache-2.0
"""The table at the end of a run: as whom how many routes were asked for how many things, and how many answers were looked at."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_HEAD = ("viewer", "routes", "things", "hidden", "read", "compared with absent", "other answers", "answers")


def lines(noted: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the table of what the tests noted; nothing if none of them ran."""
    rows = _joined(noted)
    if not rows:
        return
    cells = [_HEAD, *(_row(viewer, row) for viewer, row in rows.items()), _sum(rows.values())]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_HEAD))]
    for row in cells:
        yield "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
    sorts = Counter[str]()
    for row in rows.values():
        for name, count in row["answers"].items():
            sorts[name.partition("/")[0]] += count
    yield "by sort of thing: " + ", ".join(f"{sort or 'none named'} {count}" for sort, count in sorts.most_common())


def _joined(noted: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """One row for each viewer, whichever of the tests, in whichever process, looked at the answers."""
    rows: dict[str, dict[str, Any]] = {}
    for one in noted:
        row = rows.setdefault(one["viewer"], {**one, "routes": set(), "answers": Counter()})
        row["routes"] |= set(one["routes"])
        row["answers"].update(one["answers"])
    return rows


def _row(viewer: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    by_way = Counter[str]()
    for name, count in row["answers"].items():
        by_way[name.partition("/")[2]] += count
    numbers = (
        len(row["routes"]),
        row["things"],
        row["hidden"],
        by_way["read"],
        by_way["compared"],
        by_way["questions"],
    )
    return (viewer, *map(str, numbers), str(by_way.total()))


def _sum(rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    found = [_row("", row) for row in rows]
    sums = [str(sum(int(row[column]) for row in found)) for column in range(4, len(_HEAD))]
    routes = str(max(int(row[1]) for row in found))
    things = str(max(int(row[2]) for row in found))
    return (f"{len(found)} viewers", routes, things, "", *sums)
