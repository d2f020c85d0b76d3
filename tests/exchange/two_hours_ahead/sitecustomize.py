# SPDX-License-Identifier: Apache-2.0
"""On the PYTHONPATH of a process, its clock is two hours ahead. What is asked of the clock is a real `datetime` all the same."""

import datetime
import time

import tantivy  # noqa: F401 - looks for the real class when it is loaded

_SECONDS = 2 * 3600
_real, _time, _time_ns = datetime.datetime, time.time, time.time_ns


class _Kind(type):
    def __instancecheck__(cls, one):
        return isinstance(one, _real)

    def __subclasscheck__(cls, one):
        return issubclass(one, _real)


class _Ahead(_real, metaclass=_Kind):
    def __new__(cls, *given, **named):
        return _real(*given, **named)

    @classmethod
    def now(cls, tz=None):
        return _real.now(tz) + datetime.timedelta(seconds=_SECONDS)

    @classmethod
    def today(cls):
        return cls.now()

    @classmethod
    def utcnow(cls):
        return cls.now(datetime.UTC).replace(tzinfo=None)


datetime.datetime = _Ahead
time.time = lambda: _time() + _SECONDS
time.time_ns = lambda: _time_ns() + _SECONDS * 10**9
