# SPDX-License-Identifier: Apache-2.0
"""What an actor says about a record."""

from typing import Annotated

from pydantic import Field

from ortaq.core.errors import N_
from ortaq.core.fields import Flag, Lang, Markup, Ref, choice
from ortaq.core.kind import Body, Kind
from ortaq.core.nature import Nature

MOTIVATIONS = {
    "comment": N_("Comment"),
    "assess": N_("Assessment"),
    "question": N_("Question"),
    "object": N_("Objection"),
    "support": N_("Support"),
    "reply": N_("Reply"),
}


class Opinion(Body):
    """about: the record; reply_to: the opinion that this one answers; text: CommonMark without HTML."""

    about: Annotated[Ref, Field(title=N_("About"))]
    reply_to: Annotated[Ref | None, Field(title=N_("In reply to"))] = None
    motivation: Annotated[choice(MOTIVATIONS), Field(title=N_("Purpose"))]  # type: ignore[valid-type]
    lang: Annotated[Lang, Field(title=N_("Language"))]
    text: Annotated[Markup, Field(title=N_("Text"))]
    is_example: Annotated[Flag, Field(title=N_("Example"))] = False


OPINION = Kind(
    "opinion",
    Opinion,
    N_("Opinion"),
    N_("Opinions"),
    needs_title=False,
    bounded_by=("about", "reply_to"),
    is_personal=True,
    nature=Nature.STATEMENT,
)
