# SPDX-License-Identifier: Apache-2.0
"""What a harvester asks: the arguments of each verb, checked as the protocol has it, and the token that goes on with a list.

https://www.openarchives.org/OAI/openarchivesprotocol.html sections 2 to 4
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.core import signing
from django.http import QueryDict

from ortaq.doors.oai.errors import BadArgument, BadResumptionToken, BadVerb

# verb → (required arguments, optional ones, may go on by a token)
VERBS: Final[Mapping[str, tuple[frozenset[str], frozenset[str], bool]]] = {
    "Identify": (frozenset(), frozenset(), False),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"}), False),
    "ListSets": (frozenset(), frozenset(), True),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset(), False),
    "ListIdentifiers": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"}), True),
    "ListRecords": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"}), True),
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z", re.ASCII)
_SET = re.compile(r"[\w\-.!~*'()]+(:[\w\-.!~*'()]+)*\Z", re.ASCII)
_PREFIX = re.compile(r"[\w\-.!~*'()]+\Z", re.ASCII)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+\Z", re.ASCII)
_LONGEST: Final = 2_000
_SALT: Final = "ortaq.oai.token"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that the protocol allows. given: as it was written, for the answer to repeat; since, until: instants, both included."""

    verb: str
    given: Mapping[str, str]
    prefix: str = ""
    identifier: str = ""
    shelf: str = ""
    since: str = ""
    until: str = ""
    after: int = 0
    delivered: int = 0
    edition: str = ""

    @property
    def is_continued(self) -> bool:
        return bool(self.edition)

    def token(self, *, after: int, delivered: int, edition: str) -> str:
        """Return what goes on with this list after the position *after*. It holds all, so that nothing has to be kept for it."""
        kept = [self.verb, self.prefix, self.shelf, self.since, self.until, after, delivered, edition]
        return signing.Signer(salt=_SALT).sign_object(kept, compress=False)


def asked(query: QueryDict) -> Asked:
    """Return what *query* asks; raises BadVerb, BadArgument or BadResumptionToken."""
    given = _given(query)
    verb = given.pop("verb", "")
    if verb not in VERBS:
        raise BadVerb(known=", ".join(VERBS))
    required, optional, has_token = VERBS[verb]
    if has_token and "resumptionToken" in given:
        return _continued(verb, given)
    if missing := sorted(required - given.keys()):
        raise BadArgument(reason=f"{verb} needs {', '.join(missing)}")
    if unknown := sorted(given.keys() - required - optional):
        raise BadArgument(reason=f"{verb} does not take {', '.join(name[:40] for name in unknown[:5])}")
    return _checked(verb, given)


def _given(query: QueryDict) -> dict[str, str]:
    if len(query.getlist("verb")) != 1:
        raise BadVerb(known=", ".join(VERBS))
    if repeated := sorted(name for name in query if len(query.getlist(name)) > 1):
        raise BadArgument(reason=f"{repeated[0][:40]} is there more than once")
    found = {name: str(query[name]) for name in query}
    if any(len(value) > _LONGEST or not value.isprintable() for value in found.values()):
        raise BadArgument(reason=f"a value has more than {_LONGEST} characters, or one that cannot be printed")
    return found


def _checked(verb: str, given: dict[str, str]) -> Asked:
    identifier, prefix, shelf = given.get("identifier", ""), given.get("metadataPrefix", ""), given.get("set", "")
    for name, value, form in (
        ("identifier", identifier, _URI),
        ("metadataPrefix", prefix, _PREFIX),
        ("set", shelf, _SET),
    ):
        if name in given and not form.match(value):
            raise BadArgument(reason=f"the value of {name} is none")
    since, until = _span(given)
    return Asked(verb, given, prefix, identifier, shelf, since, until)


def _span(given: Mapping[str, str]) -> tuple[str, str]:
    """Return the first and last instant that is meant: a day as an end is meant whole."""
    since, until = given.get("from", ""), given.get("until", "")
    for name, value in (("from", since), ("until", until)):
        if name in given and not _is_instant(value):
            raise BadArgument(reason=f"{name} is neither YYYY-MM-DD nor YYYY-MM-DDThh:mm:ssZ, or no such day")
    if since and until and len(since) != len(until):
        raise BadArgument(reason="from and until have different granularities")
    first = f"{since}T00:00:00Z" if _DAY.match(since) else since
    last = f"{until}T23:59:59Z" if _DAY.match(until) else until
    if first and last and first > last:
        raise BadArgument(reason="from is later than until")
    return first, last


def _is_instant(value: str) -> bool:
    if not (_DAY.match(value) or _SECOND.match(value)):
        return False
    try:
        datetime.datetime.fromisoformat(value.removesuffix("Z"))
    except ValueError:
        return False
    return True


def _continued(verb: str, given: dict[str, str]) -> Asked:
    if len(given) > 1:
        raise BadArgument(reason="resumptionToken stands alone, beside the verb")
    kept = _kept(given["resumptionToken"])
    if kept[0] != verb:
        raise BadResumptionToken
    names = ("prefix", "shelf", "since", "until", "after", "delivered", "edition")
    return replace(Asked(verb, given), **dict(zip(names, kept[1:], strict=True)))


def _kept(token: str) -> list[Any]:
    """Return what a token holds that this node has given out; one that somebody made, or changed, is refused."""
    try:
        kept = signing.Signer(salt=_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError):
        raise BadResumptionToken from None
    sorts = (str, str, str, str, str, int, int, str)
    is_sound = isinstance(kept, list) and len(kept) == len(sorts) and all(map(isinstance, kept, sorts))
    if not is_sound:
        raise BadResumptionToken
    return list(kept)
