# SPDX-License-Identifier: Apache-2.0
"""Where a page ended, as text that only this module reads."""

import base64
import binascii

from ortaq.search.errors import BadCursor

_DEEPEST_ID = 2**63 - 1


def cursor(order: str, place: int) -> str:
    """Return the text for *place*: how many hits by relevance, or the last record id by date."""
    return base64.urlsafe_b64encode(f"{order}:{place}".encode("ascii")).decode("ascii").rstrip("=")


def place_of(text: str, order: str) -> int:
    """Return the place; raises BadCursor where it is of another order or none."""
    try:
        found, _, place = (
            base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            .decode("ascii")
            .partition(":")
        )
    except (binascii.Error, ValueError) as error:
        raise BadCursor(cursor=text[:60]) from error
    if found != order or not (place.isascii() and place.isdigit()) or int(place) > _DEEPEST_ID:
        raise BadCursor(cursor=text[:60])
    return int(place)
