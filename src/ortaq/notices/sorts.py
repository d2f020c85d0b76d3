# SPDX-License-Identifier: Apache-2.0
"""What people are told of, and how: the sorts of notices, and the channels that each person chooses from. Pure."""

from typing import Final

from ortaq.core.errors import N_

# code of a notice: what happened
REVISED: Final = "record.revised"
WITHDRAWN: Final = "record.withdrawn"
ANSWERED: Final = "record.answered"
MADE: Final = "institution.published"
REPLIED: Final = "opinion.replied"
HIDDEN: Final = "opinion.hidden"
MENTIONED: Final = "person.mentioned"
PROPOSED: Final = "copy.proposed"
RETURNED: Final = "copy.returned"
PUBLISHED: Final = "copy.published"
DAMAGED: Final = "file.damaged"
KEEPERS: Final = (DAMAGED,)  # for whoever keeps the node at the time of reading
ANSWERABLE: Final = (REPLIED, MENTIONED, ANSWERED)

# sort of a notice: why this person is told; the first that fits is taken
REPLIES: Final = "replies"
MENTIONS: Final = "mentions"
OWN: Final = "own"
FOLLOWED: Final = "followed"
PROPOSALS: Final = "proposals"
DECISIONS: Final = "decisions"
KEEPING: Final = "keeping"
SORTS: Final = {
    PROPOSALS: N_("Texts that wait for your decision"),
    DECISIONS: N_("Decisions on what you proposed"),
    REPLIES: N_("Replies to your opinions"),
    MENTIONS: N_("Texts that mention you"),
    OWN: N_("Changes of records that you answer for, and opinions on them"),
    FOLLOWED: N_("News of records and institutions that you follow"),
    KEEPING: N_("Damage to the files of the node, if you are its keeper"),
}

DIGEST: Final = "digest"
HERE: Final = "here"
NONE: Final = "none"
CHANNELS: Final = {
    DIGEST: N_("Here and in the daily mail"),
    HERE: N_("Here only"),
    NONE: N_("Not at all"),
}
DEFAULT: Final = DIGEST
