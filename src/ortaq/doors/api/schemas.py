# SPDX-License-Identifier: Apache-2.0
"""The JSON Schemas of what goes in and out: those of the bodies follow from the kinds."""

from collections.abc import Mapping
from typing import Any, Final

from ortaq.core.kind import Kind, Kinds

Schema = dict[str, Any]
_REF: Final = "#/components/schemas/"
_TEXT: Final[Schema] = {"type": "string"}
_MAY_BE_TEXT: Final[Schema] = {"type": ["string", "null"]}
_FLAG: Final[Schema] = {"type": "boolean"}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_URI: Final[Schema] = {"type": "string", "pattern": "^urn:ortaq:[a-z2-7]{26}(:[a-z2-7]{16})?$"}
_INSTANT: Final[Schema] = {"type": "string", "format": "date-time"}
_DIGEST: Final[Schema] = {"type": ["string", "null"], "pattern": "^uEi[A-Za-z0-9_-]{44}$"}
_LANGUAGE_MAP: Final[Schema] = {"type": "object", "additionalProperties": {"type": "array", "items": _TEXT}}
_AUDIENCE: Final = "^(public|partners(:[a-z2-7]{26}(,[a-z2-7]{26})*)?|node|institution:[a-z2-7]{16}|private)$"


def ref(name: str) -> Schema:
    return {"$ref": f"{_REF}{name}"}


def thing(members: Mapping[str, Schema], *, optional: tuple[str, ...] = (), **more: Any) -> Schema:
    """Return the schema of an object with just these members, all of which are there but the optional ones."""
    required = [name for name in members if name not in optional]
    return {"type": "object", "properties": dict(members), "required": required, "additionalProperties": False, **more}


def many(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def schemas_of(kinds: Kinds) -> dict[str, Schema]:
    """Return every schema of the API by name."""
    found = {**_bodies(kinds), **_SHARED, **_answers()}
    found["KindName"] = {"type": "string", "enum": [kind.name for kind in kinds]}
    found["RecordToWrite"] = _of_each(kinds, "ToWrite")
    found["Record"] = _of_each(kinds, "Record")
    for kind in kinds:
        found[_named(kind, "ToWrite")] = _to_write(kind)
        found[_named(kind, "Record")] = _record_of(kind)
    return dict(sorted(found.items()))


def _named(kind: Kind, ending: str) -> str:
    return f"{kind.body.__name__}{ending}"


def _bodies(kinds: Kinds) -> dict[str, Schema]:
    """Return the bodies of all kinds, and the groups of fields in them, which several kinds may share."""
    found: dict[str, Schema] = {}
    for kind in kinds:
        schema = kind.schema(_REF + "{model}Part")
        parts = {f"{name}Part": part for name, part in schema.pop("$defs", {}).items()}
        for name, part in {**parts, _named(kind, "Body"): schema}.items():
            if found.setdefault(name, part) != part:
                raise ValueError(f"two kinds have different parts that are called {name!r}; rename one")
    return found


def _of_each(kinds: Kinds, ending: str) -> Schema:
    names = {kind.name: f"{_REF}{_named(kind, ending)}" for kind in kinds}
    return {
        "oneOf": [{"$ref": name} for name in names.values()],
        "discriminator": {"propertyName": "kind", "mapping": names},
    }


def _to_write(kind: Kind) -> Schema:
    members = {"kind": {"const": kind.name}, "audience": ref("Audience"), "body": ref(_named(kind, "Body"))}
    return thing(members, title=f"{kind.label} to write")


def _record_of(kind: Kind) -> Schema:
    body = {"anyOf": [ref(_named(kind, "Body")), {"type": "null"}]}
    members = {**_SUMMARY, "kind": {"const": kind.name}, "body": body, "findings": many(ref("Finding"))}
    return thing(members, title=kind.label)


_SUMMARY: Final[dict[str, Schema]] = {
    "uri": _URI,
    "id": {"type": "string", "pattern": "^[a-z2-7]{26}:[a-z2-7]{16}$", "description": "NODE:RECORD, as in addresses"},
    "kind": ref("KindName"),
    "source_id": _MAY_BE_TEXT,
    "version": {"type": "integer", "minimum": 1},
    "state": {"enum": ["live", "withdrawn", "erased"]},
    "audience": ref("Audience"),
    "author": {**_URI, "description": "The actor who made it."},
    "made_at": _INSTANT,
    "changed_at": _INSTANT,
    "digest": {**_DIGEST, "description": "SHA-256 of the canonical body, as multihash in multibase base64url"},
    "title": _LANGUAGE_MAP,
    "addresses": thing(
        {"self": _TEXT, "page": _TEXT, "changes": _TEXT, "opinions": _TEXT, "manifest": _TEXT}, optional=("manifest",)
    ),
}

_PROBLEM: Final = thing(
    {
        "type": {"type": "string", "description": "urn:ortaq:problem:CODE"},
        "title": _TEXT,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What happened and what to do, in the language of the request"},
        "code": {"type": "string", "description": "Stable, never translated"},
        "facts": {"type": "object", "additionalProperties": _TEXT},
        "problems": many(ref("ProblemOfField")),
    },
    optional=("problems",),
    description="RFC 9457 problem details: what every error looks like.",
)

_SHARED: Final[dict[str, Schema]] = {
    "Problem": _PROBLEM,
    "ProblemOfField": thing(
        {
            "pointer": {"type": "string", "description": "RFC 6901 pointer into the body that was sent"},
            "code": _TEXT,
            "message": _TEXT,
        }
    ),
    "Audience": {"type": "string", "pattern": _AUDIENCE, "description": "Who may see it, from public to private."},
    "Finding": thing({"code": _TEXT, "what": _TEXT}, description="Something that does not verify."),
    "JsonSchema": {"type": "object", "additionalProperties": True},
    "OpinionToGive": thing(
        {
            "motivation": {"type": "string", "description": "As the schema of the kind `opinion` lists them."},
            "lang": {"type": "string", "description": "BCP 47 tag of the language of the text"},
            "text": {"type": "string", "minLength": 1, "maxLength": 1_000_000},
            "audience": ref("Audience"),
            "reply_to": {**_URI, "description": "The opinion that this one answers."},
        },
        optional=("audience", "reply_to"),
    ),
    "WhyToHide": thing(
        {
            "reason": {"type": "string", "description": "As the schema of the kind `hiding` lists them."},
            "lang": {"type": "string", "description": "BCP 47 tag of the language of the note"},
            "note": {
                "type": "string",
                "minLength": 1,
                "maxLength": 500,
                "description": "Why, for whoever wrote it and whoever asks.",
            },
        }
    ),
    "RecordsToMerge": thing(
        {
            "other": {**_URI, "description": "The record that goes into this one."},
            "other_etag": {**_TEXT, "description": "ETag of the version of the other record that you have read."},
            "body": {"type": "object", "description": "What the kept record says, as the schema of its kind tells."},
        },
        optional=("body",),
    ),
    "MergeToTakeBack": thing({"other": {**_URI, "description": "The record that was merged into this one."}}),
}

_HEADER: Final = thing(
    {
        "node": _TEXT,
        "seq": {"type": "integer", "minimum": 1},
        "prior": {**_DIGEST, "description": "Digest of the header before it in the log of the node"},
        "record": _URI,
        "kind": _TEXT,
        "version": {"type": "integer", "minimum": 1},
        "at": _INSTANT,
        "by": _URI,
        "audience": ref("Audience"),
        "digest": {**_DIGEST, "description": "Digest of the canonical body; null withdraws the record"},
        "erases": many({"type": "integer", "minimum": 1}),
        "proof": thing(
            {
                "type": _TEXT,
                "cryptosuite": _TEXT,
                "created": _INSTANT,
                "verificationMethod": _TEXT,
                "proofPurpose": _TEXT,
                "proofValue": _TEXT,
            }
        ),
    },
    optional=("erases",),
    description="The signed header of a change.",
)


def _answers() -> dict[str, Schema]:  # one entry an answer: longer than it is deep
    found = {"uri": _URI, "source_id": _MAY_BE_TEXT, "kind": ref("KindName"), "title": _MAY_BE_TEXT}
    count = thing({"value": _TEXT, "count": _COUNT})
    facets = {name: many(count) for name in ("kind", "country", "language", "area", "period")}
    field = {"name": _TEXT, "label": _TEXT, "role": _TEXT, "is_many": _FLAG, "is_required": _FLAG}
    institution = {
        "id": _TEXT,
        "name": _LANGUAGE_OR_TEXT,
        "country": _MAY_BE_TEXT,
        "homepage": _MAY_BE_TEXT,
        "agent": _MAY_BE_TEXT,
    }
    standing = {"actor": _URI, "role": _TEXT, "is_acting": _FLAG, "institution": ref("Institution")}
    kind = {
        "name": ref("KindName"), "label": _TEXT, "plural": _TEXT, "is_personal": _FLAG, "bounded_by": many(_TEXT),
        "fields": many(thing(field)), "addresses": thing({"self": _TEXT, "schema": _TEXT}),
    }  # fmt: skip
    change = {
        "position": {"type": "integer", "minimum": 1}, "change": ref("Header"), "body": {"type": ["object", "null"]},
        "is_withheld": _FLAG, "is_erased": _FLAG, "findings": many(ref("Finding")),
    }  # fmt: skip
    said = {
        "depth": _COUNT, "is_absent": _FLAG, "author_name": _MAY_BE_TEXT, "opinion": {"anyOf": [ref("Record"), {"type": "null"}]},
        "hiding": {"anyOf": [thing({"reason": _TEXT, "note": _TEXT, "lang": _TEXT, "uri": _URI}), {"type": "null"}]},
    }  # fmt: skip
    me = {
        "actor": {**_URI, "type": ["string", "null"]}, "name": _MAY_BE_TEXT, "is_keeper": _FLAG, "standings": many(thing(standing)),
        "scopes": many({"enum": ["read", "write", "files"]}), "has_token": _FLAG,
    }  # fmt: skip
    file = {
        "digest": {**_DIGEST, "type": "string"}, "bytes": _COUNT, "media_type": _TEXT, "address": _TEXT,
        "records": many(thing({"uri": _URI, "name": _TEXT})),
    }  # fmt: skip
    last = {"type": ["integer", "null"], "description": "Where the next page starts; null on the last."}
    return {
        "Header": _HEADER,
        "Institution": thing(institution),
        "Kind": thing(kind),
        "RecordList": thing({"records": many(thing(_SUMMARY)), "after": last}),
        "Changes": thing({"changes": many(thing(change)), "after": _COUNT, "is_end": _FLAG}),
        "SearchAnswer": thing(
            {
                "hits": many(thing({**found, "is_similar": _FLAG})),
                "total": _COUNT,
                "facets": thing(facets),
                "after": _MAY_BE_TEXT,
            }
        ),
        "Suggestions": thing({"suggestions": many(thing(found))}),
        "Points": thing(
            {
                "points": many(thing({**{name: found[name] for name in ("uri", "kind", "title")}, **_PLACE})),
                "is_cut": _FLAG,
            }
        ),
        "Unmerged": thing(
            {"record": ref("Record"), "other": ref("Record"), "is_restored": _FLAG, "fields": many(_TEXT)}
        ),
        "Opinions": thing({"opinions": many(thing(said)), "after": last}),
        "Kinds": thing({"kinds": many(ref("Kind"))}),
        "File": thing(file),
        "Institutions": thing({"institutions": many(ref("Institution"))}),
        "Me": thing(me),
    }


_LANGUAGE_OR_TEXT: Final[Schema] = {
    "type": "object",
    "additionalProperties": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]},
}
_PLACE: Final[dict[str, Schema]] = {"lat": {"type": "number"}, "lon": {"type": "number"}}
