# SPDX-License-Identifier: Apache-2.0
"""Which format a file has, by what it holds; its name decides only where the content leaves it open."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ortaq.core.audience import PUBLIC
from ortaq.doors.imports import jsonl
from ortaq.doors.imports.errors import NoSuchFormat, UnknownFormat
from ortaq.doors.imports.item import Item, Mark
from ortaq.doors.imports.source import Source


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person asked for, as far as readers need it; audience: of records that name none."""

    audience: str = PUBLIC

    def as_dict(self) -> dict[str, Any]:
        """What makes one import of a file another than the next; for the journal."""
        return {"audience": self.audience}


Reader = Callable[[Source, Mark, Wishes], Iterator[Item]]

READERS: dict[str, Reader] = {
    "jsonl": lambda source, after, wishes: jsonl.read(source, after, wishes.audience),
}

_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")


def format_of(source: Source, wished: str = "auto") -> str:
    """Return the name of the reader for *source*; raises UnknownFormat or NoSuchFormat."""
    if wished != "auto":
        if wished not in READERS:
            raise NoSuchFormat(format=wished, known=", ".join(READERS))
        return wished
    return "jsonl"
