# SPDX-License-Identifier: Apache-2.0
"""Press reports: what the public may see of them. Their full text is a material of the node's own people."""

from typing import Annotated

from pydantic import Field

from ortaq.core.errors import N_
from ortaq.core.fields import Date, Lang, Part, Url, Word, choice
from ortaq.core.kind import Body, Kind

CERTAINTIES = {"stated": N_("Stated"), "inferred": N_("Inferred"), "unknown": N_("Unknown")}


class Quote(Part):
    """A short quotation."""

    text: Annotated[Word, Field(title=N_("Text"))]
    lang: Annotated[Lang | None, Field(title=N_("Language"))] = None


class Report(Body):
    """A report of the press about what was held, promised or planned."""

    publisher: Annotated[Word | None, Field(title=N_("Publisher"))] = None
    published_on: Annotated[Date | None, Field(title=N_("Published on"))] = None
    published_certainty: Annotated[
        choice(CERTAINTIES) | None,  # type: ignore[valid-type]
        Field(title=N_("Date is"), description=N_("Whether the report itself says the date.")),
    ] = None
    languages: Annotated[list[Lang], Field(title=N_("Languages"))] = []
    url: Annotated[Url | None, Field(title=N_("Address"))] = None
    quotes: Annotated[
        list[Quote],
        Field(
            title=N_("Quotes"),
            description=N_("Short quotations only; the whole text belongs to its publisher."),
            max_length=20,
        ),
    ] = []


REPORT = Kind("report", Report, N_("Press report"), N_("Press reports"))
