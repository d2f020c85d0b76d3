# SPDX-License-Identifier: Apache-2.0
"""Works of art and media that are shown, translated and exchanged."""

from typing import Annotated

from pydantic import Field

from ortaq.core.errors import N_
from ortaq.core.fields import Lang, Span, choice
from ortaq.core.kind import Body, Kind
from ortaq.core.nature import Nature

WORK_TYPES = {
    "film": N_("Feature film"),
    "animation": N_("Animated film"),
    "documentary": N_("Documentary film"),
    "book": N_("Book"),
    "music": N_("Music"),
    "performance": N_("Performance"),
    "artwork": N_("Work of art"),
    "broadcast": N_("Channel or programme"),
    "other": N_("Other"),
}


class Work(Body):
    """A film, a book, a piece of music, a channel: the work, not one copy of it."""

    work_type: Annotated[choice(WORK_TYPES), Field(title=N_("Type"))]  # type: ignore[valid-type]
    made: Annotated[Span | None, Field(title=N_("Made"))] = None
    languages: Annotated[list[Lang], Field(title=N_("Languages"))] = []


WORK = Kind("work", Work, N_("Work"), N_("Works"), nature=Nature.WORK)
