# SPDX-License-Identifier: Apache-2.0
"""How often one may ask the API, and how an answer says so (draft-ietf-httpapi-ratelimit-headers)."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ortaq.doors.api.errors import TooManyAsks
from ortaq.people.devices import address_of, throttled_network
from ortaq.people.rates import Rate, Taken, take

HEADERS: Final = ("RateLimit", "RateLimit-Policy")


def take_of_actor(who: str) -> Taken:
    """Count one request of somebody who is known here."""
    return take(Rate("actor", settings.API_RATE), who)


def take_of_address(request: HttpRequest, *, asks: int = 1) -> Taken:
    """Count one request of a stranger; asks=0 only looks whether there is one left."""
    network = throttled_network(address_of(request))
    return take(Rate("address", settings.API_STRANGER_RATE), network, asks=asks)


def check_left(taken: Taken) -> None:
    """Raise TooManyAsks where nothing was left to take."""
    if taken.wait:
        raise TooManyAsks(asks=taken.rate.asks, seconds=taken.rate.seconds, wait=taken.wait)


def say(response: HttpResponse, taken: Taken) -> None:
    """Write into *response* what is allowed and what is left."""
    if not taken.rate.asks:
        return
    name = taken.rate.name
    response["RateLimit-Policy"] = f'"{name}";q={taken.rate.asks};w={taken.rate.seconds}'
    response["RateLimit"] = f'"{name}";r={taken.remaining};t={taken.reset}'
    if taken.wait:
        response["Retry-After"] = str(taken.wait)
