# SPDX-License-Identifier: Apache-2.0
"""Where a record comes from that another node made: it keeps its name, and says so (OAI provenance container).

https://www.openarchives.org/OAI/2.0/guidelines-provenance.htm
"""

from collections.abc import Iterable
from typing import Final

from lxml import etree

from ortaq.core.identifiers import node_uri
from ortaq.doors.exports.elements import put, root
from ortaq.doors.exports.formats import Format
from ortaq.doors.harvest.queries import Entry
from ortaq.nodes.models import Node

PROVENANCE: Final = "http://www.openarchives.org/OAI/2.0/provenance"
SCHEMA: Final = "http://www.openarchives.org/OAI/2.0/provenance.xsd"


def put_origin(about: etree._Element, entry: Entry, form: Format, address: str) -> None:
    """Put the origin of *entry* into *about*: its node, its identifier and the instant that its node signed, which is not ours."""
    assert entry.record is not None
    found = root(PROVENANCE, "provenance", {None: PROVENANCE}, SCHEMA)
    origin = put(found, PROVENANCE, "originDescription", harvestDate=entry.at, altered="true")
    put(origin, PROVENANCE, "baseURL", address)
    put(origin, PROVENANCE, "identifier", entry.uri)
    put(origin, PROVENANCE, "datestamp", entry.record.changed_at)
    put(origin, PROVENANCE, "metadataNamespace", form.namespace)
    about.append(found)


def addresses_of(nodes: Iterable[str]) -> dict[str, str]:
    """Return the address of each node's own door; where none is known its name, which is an address of nothing but never another's."""
    wanted = set(nodes)
    known = dict(Node.objects.filter(id__in=wanted).exclude(address="").values_list("id", "address")) if wanted else {}
    return {node: f"{known[node].rstrip('/')}/oai" if node in known else node_uri(node) for node in wanted}
