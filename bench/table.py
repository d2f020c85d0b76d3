# SPDX-License-Identifier: Apache-2.0
"""What was measured, beside its floor and its target, as a table and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One measured thing. met: None where there is no target; facts: numbers behind it, for --json."""

    work: str
    ours: str
    floor: str = ""
    ratio: str = ""
    target: str = ""
    met: bool | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


_HEADINGS = ("work", "ours", "floor", "ratio", "target", "met")


def drawn(rows: Sequence[Row]) -> str:
    """Return the table."""
    lines = [_HEADINGS, *((row.work, row.ours, row.floor, row.ratio, row.target, _met(row.met)) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADINGS))]
    drawn_lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    ]
    drawn_lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(drawn_lines)


def _met(met: bool | None) -> str:
    return "" if met is None else "yes" if met else "NO"


def thousands(number: float) -> str:
    return f"{number:,.0f}"


def megabytes(count: float) -> str:
    return f"{count / 1e6:,.0f} MB"


def milliseconds(pair: tuple[float, float]) -> str:
    """p50/p95."""
    return f"{pair[0]:.1f}/{pair[1]:.1f} ms"
