# SPDX-License-Identifier: Apache-2.0
"""What sort of thing a kind describes, so that formats of others can say it without knowing the kind."""

import enum


class Nature(enum.Enum):
    """The value is the class of the CIDOC CRM."""

    MOVABLE = "E22_Human-Made_Object"
    IMMOVABLE = "E24_Physical_Human-Made_Thing"
    DOCUMENT = "E73_Information_Object"
    WORK = "E89_Propositional_Object"
    STATEMENT = "E33_Linguistic_Object"
    EVENT = "E7_Activity"
    ACTOR = "E39_Actor"
    PLACE = "E53_Place"
    PRACTICE = "E29_Design_or_Procedure"
    HOLDING = "E78_Curated_Holding"
    CONCEPT = "E55_Type"
