# SPDX-License-Identifier: Apache-2.0
"""Words about the exchange in templates."""

import textwrap

from django import template

from ortaq.doors.feed.status import Status
from ortaq.doors.web.partners.telling import STATES

register = template.Library()
_LINE = 30  # letters of a state that fit beside a node of the picture


@register.filter
def state_said(state: str) -> str:
    return str(STATES[state])


@register.filter
def state_lines(status: Status) -> list[str]:
    """The state in lines that fit into the picture."""
    return textwrap.wrap(str(STATES[status.state]), _LINE, max_lines=2, placeholder="…")
