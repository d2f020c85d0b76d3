# SPDX-License-Identifier: Apache-2.0
"""`ortaq import` as its user runs it, from the start of the process until the index has everything, beside the floor."""

from collections.abc import Iterator

from bench.table import Row, megabytes, thousands
from bench.workspace import Imported, Workspace

SHARE_OF_FLOOR = 1 / 5
GROWTH = 1.3  # seconds a record, largest corpus against smallest
FLAT = 1.25  # memory, largest corpus against the one before it


def measured(workspace: Workspace) -> Iterator[Row]:
    """Yield speed and memory at each size, then what growth does to both."""
    for size in workspace.sizes:
        yield _speed(size, workspace)
        yield _work(size, workspace)
    if len(workspace.sizes) > 1:
        yield _growth(workspace)
        yield _memory(workspace)


def _speed(size: int, workspace: Workspace) -> Row:
    floor, node = workspace.floor(size), workspace.node(size)
    ours = size / node.ran.seconds
    ratio = ours / floor.per_second
    return Row(
        f"import {size:,}",
        f"{thousands(ours)}/s in {node.ran.seconds:.1f} s",
        f"{thousands(floor.per_second)}/s",
        f"{ratio:.2f}",
        f"≥ {SHARE_OF_FLOOR:.2f}",
        ratio >= SHARE_OF_FLOOR,
        {
            "records": size,
            "seconds": node.ran.seconds,
            "start_seconds": node.start_seconds,
            "peak_resident_bytes": node.ran.peak.resident,
            "peak_anonymous_bytes": node.ran.peak.anonymous,
            "floor_sqlite_seconds": floor.sqlite,
            "floor_tantivy_seconds": floor.tantivy,
        },
    )


def _work(size: int, workspace: Workspace) -> Row:
    """The same by the processor: what it comes to where both have cores enough; foreign load hardly changes it."""
    floor, ran = workspace.floor(size), workspace.node(size).ran
    ours, least = ran.processor / size * 1e6, floor.processor / size * 1e6
    facts = {"ours_us": ours, "floor_us": least}
    return Row(
        f"  processor a record, {size:,}", f"{ours:.0f} µs", f"{least:.0f} µs", f"{least / ours:.2f}", facts=facts
    )


def _growth(workspace: Workspace) -> Row:
    least, most = workspace.sizes[0], workspace.sizes[-1]
    first, last = (_microseconds(size, workspace.node(size)) for size in (least, most))
    return Row(
        f"time a record, {least:,} → {most:,}",
        f"{last:.0f} µs",
        f"{first:.0f} µs",
        f"{last / first:.2f}",
        f"≤ {GROWTH:.2f}",
        last / first <= GROWTH,
        {"first_us": first, "last_us": last},
    )


def _microseconds(size: int, node: Imported) -> float:
    """A record's time without the start of the process, which would flatter the growth."""
    return (node.ran.seconds - node.start_seconds) / size * 1e6


def _memory(workspace: Workspace) -> Row:
    before, most = workspace.sizes[-2], workspace.sizes[-1]
    first, last = (workspace.node(size).ran.peak for size in (before, most))
    ratio = last.anonymous / first.anonymous
    return Row(
        f"memory of import, {before:,} → {most:,}",
        megabytes(last.anonymous),
        megabytes(first.anonymous),
        f"{ratio:.2f}",
        f"≤ {FLAT:.2f}",
        ratio <= FLAT,
        {"first_bytes": first.anonymous, "last_bytes": last.anonymous, "last_with_mapped_files_bytes": last.resident},
    )
