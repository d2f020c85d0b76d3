# SPDX-License-Identifier: Apache-2.0
"""What the place for files says while it sends, handed to its script with the page."""

import orjson
from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from ortaq.files.dimensions import is_image

register = template.Library()


@register.simple_tag
def uploader_texts() -> str:
    """The sentences as JSON; their placeholders are filled by the script."""
    texts = {
        "waiting": _("Waiting for its turn"),
        "sending": _("%(percent)s %% of %(size)s"),
        "left": _("about %(time)s left"),
        "paused": _("Stopped at %(percent)s %%"),
        "checking": _("Arrived, being looked at …"),
        "again": _("The connection was cut. Trying again …"),
        "failed": _("The connection was cut. What has arrived is kept; go on when you are connected again."),
        "signedOut": _("You were signed out. Sign in in another tab, then go on; what has arrived is kept."),
        "tooLarge": _("The file has %(size)s; at most %(limit)s are accepted."),
        "all": _("%(done)s of %(all)s files have arrived"),
    }
    return orjson.dumps(texts).decode("utf-8")


@register.simple_tag
def most_bytes() -> int:
    """The largest file that the node takes."""
    return int(settings.MAX_FILE_BYTES)


@register.filter
def is_pictured(media_type: str) -> bool:
    """Files of this type have smaller pictures."""
    return is_image(media_type)
