# SPDX-License-Identifier: Apache-2.0
"""Sessions: where somebody is signed in, and how that ends.

A row carries whose session it is, so that a person can see and end their own; the cookie's key is kept as a digest only,
so that nobody is signed in by what stands in a database or in a backup. A session ends when it was idle for too long,
at the latest after a fixed time, or when it is ended.
"""

import datetime
import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from ortaq.people.devices import address_of, device_of, network_of
from ortaq.people.models import Person, Session
from ortaq.people.noting import in_passing

STRANGERS_AGE = datetime.timedelta(hours=1)  # half a sign-in
SEEN_EVERY = datetime.timedelta(minutes=5)
_FACTS = "signed_in"


def digest_of(key: str | None) -> str:
    return hashlib.sha256((key or "").encode()).hexdigest()[:40]


class SessionStore(db.SessionStore):
    """Django's session engine on our own rows."""

    seen_at: datetime.datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        now = timezone.now()
        found = Session.objects.filter(session_key=digest_of(self.session_key), expire_date__gt=now).first()
        if found is None:
            self._session_key = None
        else:
            self.seen_at = found.seen_at
        return found

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(session_key=digest_of(session_key)).exists()

    def delete(self, session_key: str | None = None) -> None:
        Session.objects.filter(session_key=digest_of(session_key or self.session_key)).delete()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        now, facts = timezone.now(), data.get(_FACTS, {})
        since = datetime.datetime.fromisoformat(facts["since"]) if facts else now
        return Session(
            session_key=digest_of(self._get_or_create_session_key()),  # type: ignore[attr-defined]  # of Django's base
            session_data=self.encode(data),
            expire_date=_ends_at(since, now) if facts else now + STRANGERS_AGE,
            person_id=data.get("_auth_user_id"),
            device=facts.get("device", ""),
            network=facts.get("network", ""),
            since_at=since,
            seen_at=now,
        )


def _ends_at(since: datetime.datetime, now: datetime.datetime) -> datetime.datetime:
    return min(now + settings.SESSION_IDLE, since + settings.SESSION_LIFETIME)


def note_signed_in(request: HttpRequest) -> None:
    """Write into the new session where and since when it is; forget sessions that are over."""
    request.session[_FACTS] = {
        "since": timezone.now().isoformat(),
        "device": device_of(request.headers.get("User-Agent", "")),
        "network": network_of(address_of(request)),
    }
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def sessions_of(person: Person) -> QuerySet[Session]:
    """Return where *person* is signed in, the last seen first."""
    return Session.objects.filter(person=person, expire_date__gt=timezone.now()).order_by("-seen_at")


def end_session(person: Person, digest: str) -> bool:
    """End one session of *person*; False if it is not there."""
    return bool(sessions_of(person).filter(session_key=digest).delete()[0])


def end_sessions(person: Person, *, but: str | None = None) -> int:
    """End the sessions of *person*, all *but* the one with this key; return how many."""
    return sessions_of(person).exclude(session_key=digest_of(but)).delete()[0]


class Seen:
    """Middleware that notes, every few minutes, that a session is in use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        store: Any = request.session
        facts = store.get(_FACTS) if store.accessed and not store.modified else None
        now = timezone.now()
        if facts and store.seen_at and now - store.seen_at > SEEN_EVERY:
            ends_at = _ends_at(datetime.datetime.fromisoformat(facts["since"]), now)
            with in_passing("a session is in use"):
                Session.objects.filter(session_key=digest_of(store.session_key)).update(
                    seen_at=now, expire_date=ends_at
                )
        return response
