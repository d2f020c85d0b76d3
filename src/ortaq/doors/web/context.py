# SPDX-License-Identifier: Apache-2.0
"""What every page knows: the node, the languages and where the reader is."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from ortaq.core.errors import OrtaqError
from ortaq.doors.web import look, names
from ortaq.nodes.identity import identity

_CYRILLIC = {"kk", "ky", "ru"}  # the languages of the pages that are written in Cyrillic letters
# What a page shows at once: asked for with the page itself, so that it does not come in other letters first.
_FONTS = {
    alphabet: [f"vendor/fonts/{family}-{alphabet}.woff2" for family in ("inter", "ortaq-serif")]
    for alphabet in ("latin", "cyrillic")
}


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the node's name, the language switch and the look that the reader chose."""
    present = names.reader_language()
    here = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("home")
    switch = [
        {
            "tag": tag,
            "name": name,
            "is_present": tag == present,
            "address": reverse("language", args=[tag]) + "?" + urlencode({"next": here}),
        }
        for tag, name in settings.LANGUAGES
    ]
    return {
        "page_language": present,
        "fonts": _FONTS["cyrillic" if present in _CYRILLIC else "latin"],
        "page_language_name": dict(settings.LANGUAGES).get(present, present),
        "language_switch": switch,
        "node_name": _node_name(),
        "here": here,
        **_look(request, here),
    }


def _look(request: HttpRequest, here: str) -> dict[str, Any]:
    present = look.look_of(request)
    switch = [
        {
            "name": name,
            "label": label,
            "is_present": name == present,
            "address": reverse("look", args=[name]) + "?" + urlencode({"next": here}),
        }
        for name, label in look.LOOKS.items()
    ]
    return {"look": present, "look_switch": switch, "dark_media": look.dark_media(present)}


def _node_name() -> str:
    try:
        return identity().name
    except OrtaqError:
        return str(settings.NODE_NAME)
