# SPDX-License-Identifier: Apache-2.0
"""How this node asks its partners: each request signed, once more by their clock if theirs and ours differ."""

import contextlib
import datetime
import time
from collections.abc import Callable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final

import orjson

from ortaq.core.proof import SigningKey
from ortaq.nodes.outward.client import LIMIT_BYTES, READ_SECONDS, TOTAL_SECONDS, Answer, Asking, Client, Flow
from ortaq.nodes.signed import ClockDiffers, sign

MOST_SECONDS: Final = 26 * 3600  # a clock set to the wrong day and zone; what differs more is broken


class SignedClient(Asking):
    """Asks one partner; offset_seconds: how far the partner's clock is before ours, to be kept between clients."""

    def __init__(
        self, client: Client, key: SigningKey, *, offset_seconds: int = 0, now: Callable[[], float] = time.time
    ) -> None:
        self._client, self._key, self._now = client, key, now
        self.offset_seconds = offset_seconds

    @contextlib.contextmanager
    def open(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        limit_bytes: int = LIMIT_BYTES,
        read_seconds: float = READ_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
    ) -> Iterator[Flow]:
        """As Client.open; a request that came out of time is signed and sent once more."""
        for is_last in (False, True):
            signed = sign(method, url, body or b"", self._key, created=int(self._now()) + self.offset_seconds)
            with self._client.open(
                method,
                url,
                headers={**(headers or {}), **signed},
                body=body,
                limit_bytes=limit_bytes,
                read_seconds=read_seconds,
                total_seconds=total_seconds,
            ) as flow:
                if is_last or not self._has_learnt(flow):
                    yield flow
                    return

    def _has_learnt(self, flow: Flow) -> bool:
        """Whether the answer says that our time is not theirs, and which it is."""
        if flow.status != ClockDiffers.status:
            return False
        theirs = their_time(flow.answer())
        if theirs is None or abs(theirs - self._now()) > MOST_SECONDS:
            return False
        self.offset_seconds = round(theirs - self._now())
        return True


def their_time(answer: Answer) -> float | None:
    """Return the Unix time at the other node, if it refused a request because of its time."""
    try:
        said: Any = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(said, dict) or said.get("code") != ClockDiffers.code:
        return None
    facts = said.get("facts")
    return _instant(facts.get("now") if isinstance(facts, dict) else None) or _date(answer.headers.get("date", ""))


def _instant(text: object) -> float | None:
    try:
        found = datetime.datetime.fromisoformat(str(text))
        return found.timestamp() if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _date(text: str) -> float | None:
    """The header Date: that of the node, or of a proxy before it, so it comes second."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None
