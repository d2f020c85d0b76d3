# SPDX-License-Identifier: Apache-2.0
"""One change as it comes from another node: read from its line, and judged by all that needs no database.

Nothing is taken for granted of a line: its types, its sizes, its proof, whose it says it is.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from ortaq.core import digest as digests
from ortaq.core import proof as proofs
from ortaq.core.audience import checked
from ortaq.core.canonical import canonical
from ortaq.core.change import Header, from_wire
from ortaq.core.errors import N_, OrtaqError
from ortaq.core.identifiers import split_uri
from ortaq.records.checking import Checker
from ortaq.records.door import MAX_BODY_BYTES
from ortaq.records.registry import KINDS

LONGEST_LINE: Final = 2 * MAX_BODY_BYTES
FURTHEST_AHEAD: Final = datetime.timedelta(
    hours=26
)  # clocks may be off by hours and time zones; a day more is a wrong year
_NAMES = {"node", "seq", "prior", "record", "kind", "version", "at", "by", "audience", "digest", "proof"}
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")
_DIGEST = re.compile(r"uEi[A-Za-z0-9_-]{44}\Z")
_KIND = re.compile(r"[a-z][a-z_]{1,39}\Z")
_MOST = 2**53


class ChangeUnreadable(OrtaqError):
    code, status = "change.unreadable", 422
    say = N_(
        "A line of the log of node %(node)s after change %(after)s cannot be read: %(reason)s. Ask its administrator."
    )


class ChangeAltered(OrtaqError):
    code, status = "change.signature-wrong", 422
    say = N_(
        "The signature of change %(seq)s of node %(node)s does not fit what it says: it was altered on its way or made by another. Fetch it again."
    )


class OwnerWrong(OrtaqError):
    code, status = "change.owner-wrong", 422
    say = N_(
        "Change %(seq)s of node %(node)s speaks for %(claimed)s, which is another's. Ask its administrator by voice."
    )


class FromTheFuture(OrtaqError):
    code, status = "change.from-the-future", 422
    say = N_(
        "Change %(seq)s of node %(node)s is dated %(at)s, and it is %(now)s. It waits until then; have the clocks of both nodes set."
    )


class BodyAltered(OrtaqError):
    code, status = "change.body-altered", 422
    say = N_(
        "The body of change %(seq)s of node %(node)s is not the one whose digest was signed. Only its header was taken; the body is asked for again."
    )


class BodyTooLarge(OrtaqError):
    code, status = "change.body-too-large", 422
    say = N_(
        "The body of change %(seq)s of node %(node)s has %(bytes)s bytes; the limit is %(limit)s. Its header was taken."
    )


class BodyUnknown(OrtaqError):
    code, status = "change.body-unknown", 422
    say = N_(
        "The body of change %(seq)s of node %(node)s is not one that this release knows: %(reason)s. It waits until Ortaq is updated here."
    )


@dataclass(slots=True)
class Arrived:
    """A change as it was sent. given: its body, unjudged; body None: withheld from us, erased, or a withdrawal; fault: why the body
    was not taken."""

    header: Header
    public: str
    signature: bytes
    sha256: bytes
    given: Any = None
    body: dict[str, Any] | None = None
    text: str | None = None
    fault: OrtaqError | None = None
    line: bytes = b""

    @property
    def digest(self) -> str:
        """The digest of its header, which the next change of the log names."""
        return digests.multibase(self.sha256)


def read_change(line: bytes, *, log: str, after: int = 0) -> Arrived:
    """Return the change of *line*, its proof and its owner checked; raise what is wrong with it.

    log    node whose log it should be of
    after  seq of the change before it, for what is said of a line that cannot be read
    """
    found = parse_change(line, log=log, after=after)
    try:
        proofs.verify_digest(found.sha256, found.header.at, found.signature, found.public)
    except OrtaqError as error:
        raise altered(found.header) from error
    judge(found, log)
    return found


def parse_change(line: bytes, *, log: str, after: int = 0) -> Arrived:
    """Return the change as it says it is; `have_checked` and `judge` say whether that is so. Raises ChangeUnreadable."""
    entry = _parsed(line, log, after)
    header, public, signature = _header(entry["change"], log, after)
    return Arrived(header, public, signature, header.sha256(), given=entry.get("body"), line=line)


def have_checked(change: Arrived, checker: Checker) -> None:
    """Have *checker* see whether the key that the change names has signed it; raises ChangeAltered where none could have."""
    try:
        data = proofs.signed_bytes(change.sha256, change.header.at, change.public)
        checker.add(data, change.signature, change.public)
    except OrtaqError as error:
        raise altered(change.header) from error


def altered(header: Header) -> ChangeAltered:
    return ChangeAltered(seq=header.seq, node=header.node)


def judge(change: Arrived, log: str) -> None:
    """Raise OwnerWrong or FromTheFuture; give the change its body, or the reason why it cannot be taken."""
    _check_owner(change.header, log)
    _check_clock(change.header)
    if change.given is None:
        return
    try:
        change.body, change.text = checked_body(change.header, change.given)
    except OrtaqError as error:
        change.fault = error
    change.given = None


def checked_body(header: Header, body: Any) -> tuple[dict[str, Any], str]:
    """Return *body* and its canonical text; raises BodyAltered, BodyTooLarge, BodyUnknown."""
    facts = {"seq": header.seq, "node": header.node}
    try:
        data = canonical(body)
    except OrtaqError as error:
        raise BodyAltered(**facts) from error
    if len(data) > MAX_BODY_BYTES:
        raise BodyTooLarge(**facts, bytes=len(data), limit=MAX_BODY_BYTES)
    if digests.digest_of(data) != header.digest:
        raise BodyAltered(**facts)
    try:
        KINDS[header.kind].check(body, header.node)
    except OrtaqError as error:
        raise BodyUnknown(**facts, reason=str(error)) from error
    return body, data.decode("utf-8")


def _parsed(line: bytes, log: str, after: int) -> Mapping[str, Any]:
    try:
        entry = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise ChangeUnreadable(node=log, after=after, reason=f"it is not JSON ({error})") from error
    if not isinstance(entry, Mapping) or not isinstance(entry.get("change"), dict):
        raise ChangeUnreadable(node=log, after=after, reason="it has no change in it")
    return entry


def _header(document: dict[str, Any], log: str, after: int) -> tuple[Header, str, bytes]:
    """Return the header, the public key that signed it and the signature, of a document whose every part is as it should be."""
    try:
        fault = _fault_of(document)
        if not fault:
            header, method, signature = from_wire(document)
            public = method.rpartition("#")[2]
            config = proofs.proof_config(header.at, proofs.verification_method(public))
            if document["proof"].items() - config.items() == {("proofValue", document["proof"]["proofValue"])}:
                return header, public, signature
            fault = "its proof is not as it should be"
    except (OrtaqError, KeyError, TypeError, ValueError, AttributeError) as error:
        fault = str(error) or type(error).__name__
    raise ChangeUnreadable(node=log, after=after, reason=fault)


def _fault_of(document: dict[str, Any]) -> str:
    if unknown := document.keys() - _NAMES - {"erases"}:
        return f"unknown parts: {', '.join(sorted(unknown))}"
    if missing := _NAMES - document.keys():
        return f"missing parts: {', '.join(sorted(missing))}"
    for name, fits in _PARTS:
        if not fits(document[name]):
            return f"its {name} is not as it should be"
    return "" if "erases" not in document or _are_counts(document["erases"]) else "its erases is not as it should be"


def _is_count(value: object) -> bool:
    return type(value) is int and 0 < value < _MOST


def _are_counts(values: object) -> bool:
    return isinstance(values, list) and 0 < len(values) <= 1_000 and all(map(_is_count, values))


def _fits(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and pattern.match(value) is not None


def _is_digest_or_none(value: Any) -> bool:
    return value is None or (isinstance(value, str) and _DIGEST.match(value) is not None)


_PARTS: Final[tuple[tuple[str, Callable[[Any], bool]], ...]] = (
    ("seq", _is_count),
    ("version", _is_count),
    ("at", _fits(_INSTANT)),
    ("kind", _fits(_KIND)),
    ("prior", _is_digest_or_none),
    ("digest", _is_digest_or_none),
    ("record", lambda value: split_uri(value)[1] is not None),
    ("by", lambda value: bool(split_uri(value))),
    ("audience", lambda value: len(value) < 3_000 and bool(checked(value))),
)


def _check_owner(header: Header, log: str) -> None:
    """A node writes its own records under its own actors into its own log."""
    for claimed, owner in (
        (header.node, header.node),
        (header.record, split_uri(header.record)[0]),
        (header.by, split_uri(header.by)[0]),
    ):
        if owner != log:
            raise OwnerWrong(seq=header.seq, node=log, claimed=claimed)


def _check_clock(header: Header) -> None:
    now = datetime.datetime.now(datetime.UTC)
    try:
        at = datetime.datetime.fromisoformat(header.at)
    except ValueError as error:
        raise ChangeUnreadable(node=header.node, after=header.seq - 1, reason=str(error)) from error
    if at - now > FURTHEST_AHEAD:
        raise FromTheFuture(seq=header.seq, node=header.node, at=header.at, now=now.strftime("%Y-%m-%dT%H:%M:%SZ"))
