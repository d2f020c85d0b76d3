# SPDX-License-Identifier: Apache-2.0
"""The list of kinds that this node knows. A new kind is declared in its area and named here."""

from ortaq.authority.kind import AGENT, PLACE, TERM
from ortaq.core.kind import Kinds
from ortaq.heritage.kind import COLLECTION, LOCATION, MATERIAL, MONUMENT, OBJECT, PRACTICE
from ortaq.nodes.kind import NODE
from ortaq.opinions.kind import HIDING, OPINION
from ortaq.press.kind import REPORT
from ortaq.programme.kind import EVENT
from ortaq.roadmap.kind import AGREEMENT, ASSENT
from ortaq.works.kind import WORK

KINDS = Kinds(
    [
        MONUMENT,
        LOCATION,
        OBJECT,
        PRACTICE,
        COLLECTION,
        MATERIAL,
        PLACE,
        AGENT,
        EVENT,
        WORK,
        REPORT,
        OPINION,
        HIDING,
        AGREEMENT,
        ASSENT,
        TERM,
        NODE,
    ]
)
