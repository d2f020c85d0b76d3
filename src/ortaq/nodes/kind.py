# SPDX-License-Identifier: Apache-2.0
"""The record in which a node says who it is and which keys are its own. Only the node itself writes it."""

from typing import Annotated, Final

from pydantic import Field

from ortaq.core.errors import N_
from ortaq.core.fields import Flag, Number, Part, Url, Word, choice
from ortaq.core.identifiers import local_id_of_source, record_uri
from ortaq.core.kind import Body, Kind

USES: Final = {"sign": N_("Signs changes"), "recover": N_("Takes the place of a lost key")}


class NodeKey(Part):
    """An Ed25519 key, multibase; it may sign the changes of the node from first_seq to last_seq."""

    public: Annotated[Word, Field(title=N_("Public key"))]
    use: Annotated[choice(USES), Field(title=N_("Use"))]  # type: ignore[valid-type]
    first_seq: Annotated[Number, Field(title=N_("From change"))]
    last_seq: Annotated[Number | None, Field(title=N_("Up to change"))] = None
    is_revoked: Annotated[Flag, Field(title=N_("Revoked"))] = False


class NodeBody(Body):
    """title: what it is called; address: where its pages are."""

    address: Annotated[Url | None, Field(title=N_("Address"))] = None
    keys: Annotated[list[NodeKey], Field(title=N_("Keys"), min_length=1, max_length=1000)]


NODE = Kind("node", NodeBody, N_("Node"), N_("Nodes"), is_by_node=True)


def record_of_node(node: str) -> str:
    """Return the URI of the record in which *node* describes itself."""
    return record_uri(node, local_id_of_source("ortaq:node"))
