# SPDX-License-Identifier: Apache-2.0
"""Errors that a person can act on: a stable code, the facts, and a sentence that says what to do next."""

from collections.abc import Iterable
from typing import Any, ClassVar


def N_(text: str) -> str:
    """Mark *text* for the message catalogues; the door that shows it translates it."""
    return text


class OrtaqError(Exception):
    """What happened, with which values, and what to do next.

    code    stable, never translated; documented in docs/reference/errors.md
    status  HTTP status of the answer that carries it
    say     sentence with named placeholders, filled from the facts; a missing fact fails at once
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    say: ClassVar[str] = N_("Something went wrong.")

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.say % facts)

    def __reduce__(self) -> tuple[Any, ...]:
        return _remake, (type(self), self.facts)

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "message": str(self), "facts": {k: str(v) for k, v in self.facts.items()}}


def _remake(cls: type[OrtaqError], facts: dict[str, Any]) -> OrtaqError:
    return cls(**facts)


class Refused(OrtaqError):
    """A body that its kind does not accept; found: every field at fault, as core.problems.Problem."""

    def __init__(self, *, found: Iterable[Any] = (), **facts: Any) -> None:
        super().__init__(**facts)
        self.found = tuple(found)

    def __reduce__(self) -> tuple[Any, ...]:
        return _remake, (type(self), {**self.facts, "found": self.found})


class Invalid(Refused):
    """A body that its kind does not accept; `problems` lists every field at fault."""

    code, status = "record.invalid", 422
    say = N_("The %(kind)s is not valid: %(problems)s. Correct the fields named and send it again.")


class UnknownKind(OrtaqError):
    code, status = "record.unknown-kind", 422
    say = N_("There is no kind '%(kind)s'; known are: %(known)s. Correct the kind.")


class UnknownField(Refused):
    code, status = "record.unknown-field", 422
    say = N_("A %(kind)s has no field %(fields)s. Correct the name or leave the field out; known are: %(known)s.")


class NotCanonical(OrtaqError):
    code, status = "canonical.not-representable", 422
    say = N_("The value %(value)s has no canonical JSON form: %(reason)s. Write it as text.")


class BadIdentifier(OrtaqError):
    code, status = "identifier.malformed", 422
    say = N_("'%(value)s' is not an Ortaq identifier (urn:ortaq:NODE:RECORD). Copy it again from the record's page.")


class BadKey(OrtaqError):
    code, status = "key.malformed", 422
    say = N_("The key '%(key)s' is not an Ed25519 public key in multibase form (z6Mk…). Ask its node for it again.")


class BadProof(OrtaqError):
    code, status = "proof.mismatch", 422
    say = N_("The proof does not fit the document: %(reason)s. Fetch the change again from its owner.")


class BadDate(OrtaqError):
    code, status = "date.malformed", 422
    say = N_("'%(value)s' is not a date in EDTF form. Write for example 1424, 1424-05, 14XX, 1424~ or 1417/1420.")
