# SPDX-License-Identifier: Apache-2.0
"""What a reader gives for each record of a file."""

from collections.abc import Sequence
from dataclasses import dataclass

from ortaq.core.errors import OrtaqError
from ortaq.core.lost import Lost
from ortaq.records.door import Draft


@dataclass(slots=True)
class Item:
    """One record of a file: a draft, or the error that refuses it.

    number  of the record in the file, from 1 on
    line    on which it begins
    end     byte behind it, as far as the reader knows
    also    authority records (terms, agents, places) that it names; they add to what is here and take nothing away
    named   what it names in passing: made where nothing stands under its source id, left as it is where something does
    """

    number: int
    line: int
    end: int
    draft: Draft | None
    error: OrtaqError | None = None
    also: Sequence[Draft] = ()
    lost: Sequence[Lost] = ()
    named: Sequence[Draft] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a file has been read: the last record's number and line, and the byte behind it."""

    number: int = 0
    line: int = 0
    end: int = 0


START = Mark()
