# SPDX-License-Identifier: Apache-2.0
"""What someone asks: words, filters, an order, a page."""

from dataclasses import dataclass
from typing import Final

from ortaq.search.errors import BadQuestion

ORDERS: Final = ("relevance", "newest", "oldest")
LONGEST_TEXT: Final = 1_000
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the index. Raises BadQuestion when made of what cannot be.

    lang        language of the words, a hint
    periods     centuries as EDTF: "14XX"
    first_year, last_year  a record matches if one of its spans shares a year with them; None is open
    box         west, south, east, north in degrees; west > east crosses the antimeridian
    after       where the page before ended: `Answer.after`
    """

    text: str = ""
    lang: str | None = None
    kinds: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    first_year: int | None = None
    last_year: int | None = None
    box: Box | None = None
    order: str = "relevance"
    after: str | None = None
    limit: int = 20

    def __post_init__(self) -> None:
        if self.order not in ORDERS:
            raise BadQuestion(field="order", value=self.order, reason=f"it is one of {', '.join(ORDERS)}")
        if len(self.text) > LONGEST_TEXT:
            raise BadQuestion(
                field="q", value=self.text[:20] + "…", reason=f"at most {LONGEST_TEXT} characters are read"
            )
        if self.first_year is not None and self.last_year is not None and self.first_year > self.last_year:
            raise BadQuestion(field="from", value=self.first_year, reason=f"it lies after {self.last_year}")
        if self.box is not None:
            _check_box(self.box)


def _check_box(box: Box) -> None:
    west, south, east, north = box
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        reason = "it is west,south,east,north in degrees, south not above north"
        raise BadQuestion(field="box", value=",".join(map(str, box)), reason=reason)
