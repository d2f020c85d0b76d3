# SPDX-License-Identifier: Apache-2.0
"""Records and changes as the API shows them."""

from typing import Any

import orjson

from ortaq.core.audience import as_written
from ortaq.core.identifiers import source_id_of_uri
from ortaq.records.feed import Page
from ortaq.records.models import Record
from ortaq.records.queries import Version
from ortaq.records.verification import findings_inside

PREFIX = "/api/records/"
_IMAGE = '"media_type":"image/'  # as it stands in a body, which is in canonical form


def address_of(uri: str) -> str:
    """Return where the API has the record."""
    return f"{PREFIX}{source_id_of_uri(uri)}"


def summary_json(record: Record) -> dict[str, Any]:
    """The record without its body: what a list shows."""
    name = source_id_of_uri(record.uri)
    here = f"{PREFIX}{name}"
    return {
        "uri": record.uri,
        "id": name,
        "kind": record.kind,
        "source_id": record.source_id,
        "version": record.version,
        "state": record.state,
        "audience": as_written(record.audience),
        "author": record.author,
        "made_at": record.made_at,
        "changed_at": record.changed_at,
        "digest": record.change.digest,
        "title": orjson.loads(record.title),
        "addresses": {"self": here, "page": f"/r/{name}", "changes": f"{here}/changes", "opinions": f"{here}/opinions"},
    }


def record_json(record: Record) -> dict[str, Any]:
    """The record with its body; without it where it is not what was signed, which `findings` says."""
    change = record.change
    findings = findings_inside([change]).get(change.id, [])
    # The text stands as it was signed: its canonical form has the digest.
    body = orjson.Fragment(change.body) if change.body and not findings else None
    found = [{"code": one.code, "what": one.what} for one in findings]
    return {**_with_manifest(summary_json(record), change.body or ""), "body": body, "findings": found}


def _with_manifest(summary: dict[str, Any], body: str) -> dict[str, Any]:
    """Where its IIIF manifest is, if images are among its files; whether their bytes are here, only the manifest tells."""
    if _IMAGE in body:
        summary["addresses"]["manifest"] = f"/r/{summary['id']}/manifest.json"
    return summary


def changes_json(page: Page) -> dict[str, Any]:
    return {"changes": [_change_json(one) for one in page.versions], "after": page.after, "is_end": page.is_end}


def _change_json(version: Version) -> dict[str, Any]:
    change = version.change
    return {
        "position": change.id,
        "change": change.wire(),
        "body": version.body,
        "is_withheld": version.is_withheld,
        "is_erased": change.digest is not None and change.body is None,
        "findings": [{"code": one.code, "what": one.what} for one in version.findings],
    }
