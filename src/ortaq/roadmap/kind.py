# SPDX-License-Identifier: Apache-2.0
"""What nodes agree on, and their signatures under it."""

from typing import Annotated

from pydantic import Field

from ortaq.core.errors import N_
from ortaq.core.fields import NodeRef, Number, Prose, Ref, Word
from ortaq.core.kind import Body, Kind


class Agreement(Body):
    """In force is the newest version that every party has assented to. amends: the agreement that this one changes."""

    parties: Annotated[
        list[NodeRef],
        Field(
            title=N_("Parties"),
            description=N_(
                "The nodes that have to sign it, this one too if it is a party. Only partners can be chosen."
            ),
            min_length=1,
            max_length=200,
        ),
    ]
    text: Annotated[
        Prose, Field(title=N_("Text"), description=N_("What is agreed, in each language that is equally binding."))
    ]
    amends: Annotated[
        Ref | None, Field(title=N_("Amends"), description=N_("The agreement that this one changes, if it changes one."))
    ] = None


class Assent(Body):
    """A party's yes to one version. digest: of the body that it says yes to, so that nothing else is meant by it."""

    about: Annotated[Ref, Field(title=N_("About"))]
    version: Annotated[Number, Field(title=N_("Version"))]
    digest: Annotated[Word, Field(title=N_("Digest"))]


AGREEMENT = Kind("agreement", Agreement, N_("Agreement"), N_("Agreements"))
ASSENT = Kind("assent", Assent, N_("Assent"), N_("Assents"), needs_title=False, bounded_by=("about",), is_by_node=True)
