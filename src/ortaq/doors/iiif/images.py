# SPDX-License-Identifier: Apache-2.0
"""IIIF Image API 3.0, level 2: every image file in parts, sizes and turns of one's own choice. https://iiif.io/api/image/3.0/

Who may have the file may have any part of it, and nobody else: it is asked first, and what may not be seen is answered as what is not there.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.response import HttpResponseRedirectBase
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from ortaq.core.errors import OrtaqError
from ortaq.doors.harvest.addresses import base_of
from ortaq.doors.iiif.readers import everyone_may_read
from ortaq.files.errors import FileAbsent
from ortaq.files.images import service
from ortaq.files.images.asked import MOST_AREA, MOST_SIDE, Drawing, asked
from ortaq.files.images.drawing import Look
from ortaq.people.viewers import viewer_of
from ortaq.records.queries import may_read_file

PROFILE: Final = "level2"
CONTEXT: Final = "http://iiif.io/api/image/3/context.json"
_PROTOCOL: Final = "http://iiif.io/api/image"
_LEVEL: Final = f'<http://iiif.io/api/image/3/{PROFILE}.json>;rel="profile"'
_JSON_LD: Final = f'application/ld+json;profile="{CONTEXT}"'
_EXTRA: Final = ["canonicalLinkHeader", "mirroring", "profileLinkHeader", "rotationArbitrary", "sizeUpscaling"]
_FRESH_SECONDS: Final = 3_600  # as long as files themselves: who loses the right to see one loses it soon
_LATER_SECONDS: Final = 5
View = Callable[..., HttpResponseBase]


class SeeOther(HttpResponseRedirectBase):
    status_code = 303


def for_viewers(view: View) -> View:
    """Let programs of other sites ask (OPTIONS too), and answer errors by a sentence and a code in plain text."""

    @require_http_methods(["GET", "HEAD", "OPTIONS"])
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **more: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return _preflight()
        try:
            return view(request, *args, **more)
        except OrtaqError as error:
            return refusal(error)

    return answered


def _preflight() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = response["Allow"] = "GET, HEAD, OPTIONS"
    response["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
    response["Access-Control-Max-Age"] = "86400"
    return response


def refusal(error: OrtaqError) -> HttpResponse:
    """The same headers whatever is missing: absent and not allowed look alike, also to pages of other sites."""
    text = f"{gettext(error.say) % error.facts}\n\n{error.code}\n".encode("utf-8", "replace")
    response = HttpResponse(text, status=error.status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    let_others_read(response)
    if error.status == 503:
        response["Retry-After"] = str(_LATER_SECONDS)
    return response


def check_readable(request: HttpRequest, digest: str) -> bool:
    """Return whether everyone may read the file; raises FileAbsent where this reader may not.

    What is for everyone is answered without asking who reads: caches between may keep it.
    """
    if everyone_may_read(digest):
        return True
    if not may_read_file(digest, viewer_of(request)):
        raise FileAbsent(digest=digest)
    return False


@for_viewers
def base(request: HttpRequest, digest: str) -> HttpResponseBase:
    """The address of the image itself leads to its description."""
    is_public = check_readable(request, digest)
    return _open(SeeOther(reverse("iiif-image-info", args=[digest])), is_public=is_public)


@for_viewers
def info(request: HttpRequest, digest: str) -> HttpResponseBase:
    """What one can ask for; as JSON-LD to who wants that or says nothing."""
    is_public = check_readable(request, digest)
    look = service.look_at(digest)
    service.begin(digest)
    document = orjson.dumps(described(image_address(request, digest), look), option=orjson.OPT_INDENT_2)
    response = answer_json(request, document, _JSON_LD, is_public=is_public)
    response["Link"] = _LEVEL
    return response


@for_viewers
def image(
    request: HttpRequest, digest: str, region: str, scale: str, rotation: str, quality: str, ending: str
) -> HttpResponseBase:
    """Part of the image, as large as asked for, turned, in a quality and a format."""
    is_public = check_readable(request, digest)
    drawing = service.resolved(digest, asked(region, scale, rotation, quality, ending))
    response = _unless_known(
        request, _mark(digest, drawing), lambda: service.drawn(digest, drawing), drawing.media_type
    )
    canonical = f"{image_address(request, digest)}/{drawing.canonical}"
    response["Link"] = f'{_LEVEL}, <{canonical}>;rel="canonical"'
    response["Content-Disposition"] = "inline"
    return _open(response, is_public=is_public)


def image_address(request: HttpRequest, digest: str) -> str:
    """Return the whole address of the image, under which viewers know it."""
    return base_of(request) + reverse("iiif-image", args=[digest])


def described(address: str, look: Look) -> dict[str, Any]:
    """Return the image information document."""
    side = service.tile_side(look)
    factors = [1]
    while max(look.width, look.height) / factors[-1] > side:
        factors.append(factors[-1] * 2)
    return {
        "@context": CONTEXT,
        "id": address,
        "type": "ImageService3",
        "protocol": _PROTOCOL,
        "profile": PROFILE,
        "width": look.width,
        "height": look.height,
        "maxWidth": MOST_SIDE,
        "maxHeight": MOST_SIDE,
        "maxArea": MOST_AREA,
        "sizes": [{"width": wide, "height": high} for wide, high in _sizes(look, factors)],
        "tiles": [{"width": side, "scaleFactors": factors}],
        "extraFormats": ["webp"],
        "extraQualities": ["color", "gray", "bitonal"],
        "extraFeatures": _EXTRA,
    }


def _sizes(look: Look, factors: list[int]) -> list[tuple[int, int]]:
    """The smallest first, none beyond the limits."""
    found = [(-(-look.width // factor), -(-look.height // factor)) for factor in reversed(factors)]
    return [
        (wide, high) for wide, high in found if max(wide, high) <= MOST_SIDE and wide * high <= MOST_AREA
    ]  # fmt: skip


def _mark(digest: str, drawing: Drawing) -> str:
    text = f"{service.VERSION} {digest} {drawing.canonical}"
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def _unless_known(request: HttpRequest, etag: str, make: Callable[[], bytes], media_type: str) -> HttpResponse:
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(make(), content_type=media_type)
    response["ETag"] = etag
    return response


def answer_json(request: HttpRequest, document: bytes, media_type: str, *, is_public: bool) -> HttpResponse:
    """Return *document* as *media_type*, a JSON-LD, to who wants that or says nothing, and as plain JSON to others."""
    accepted = request.headers.get("Accept", "")
    wants_ld = "application/ld+json" in accepted or not accepted
    etag = f'"{hashlib.sha256(document).hexdigest()[:32]}"'
    response = _unless_known(request, etag, lambda: document, media_type if wants_ld else "application/json")
    patch_vary_headers(response, ["Accept"])
    return _open(response, is_public=is_public)


def let_others_read(response: HttpResponse) -> HttpResponse:
    """Let pages of other sites have the answer: it tells no more than they could ask for themselves."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _open(response: HttpResponse, *, is_public: bool) -> HttpResponse:
    """Say who may keep it and which pages may use it."""
    response["X-Content-Type-Options"] = "nosniff"
    if is_public:
        response["Cache-Control"] = f"public, max-age={_FRESH_SECONDS}"
        let_others_read(response)
    else:
        response["Cache-Control"] = f"private, max-age={_FRESH_SECONDS}"
        patch_vary_headers(response, ["Cookie"])
    return response
