# SPDX-License-Identifier: Apache-2.0
"""How often one may ask what is made for programs: as often as strangers may ask the API, counted with that."""

from django.conf import settings
from django.http import HttpRequest

from ortaq.people.devices import address_of, throttled_network
from ortaq.people.rates import Rate, take


def wait_of(request: HttpRequest) -> int:
    """Count one request; return the seconds to wait where none is left, 0 otherwise."""
    network = throttled_network(address_of(request))
    return take(Rate("address", settings.API_STRANGER_RATE), network).wait
