# SPDX-License-Identifier: Apache-2.0
"""What an actor says about a record, and the decision of who takes care of the record not to show that."""

from typing import Annotated

from pydantic import Field

from ortaq.core.errors import N_
from ortaq.core.fields import Flag, Lang, Markup, Ref, Word, choice
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


REASONS = {
    "insult": N_("Insults or incites hatred"),
    "unlawful": N_("Is against the law"),
    "personal": N_("Tells personal data of others"),
    "false": N_("Spreads what is known to be false"),
    "advertising": N_("Advertises"),
    "off_topic": N_("Has nothing to do with the record"),
    "other": N_("Another reason"),
}


class Hiding(Body):
    """about: the opinion that the node of the record does not show; note: why, for whoever wrote it and whoever asks."""

    about: Annotated[Ref, Field(title=N_("About"))]
    reason: Annotated[choice(REASONS), Field(title=N_("Reason"))]  # type: ignore[valid-type]
    lang: Annotated[Lang, Field(title=N_("Language"))]
    note: Annotated[Word, Field(title=N_("Note"))]


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

HIDING = Kind(
    "hiding",
    Hiding,
    N_("Decision not to show"),
    N_("Decisions not to show"),
    needs_title=False,
    bounded_by=("about",),
    is_by_node=True,
    hides="about",
    nature=Nature.STATEMENT,
)
