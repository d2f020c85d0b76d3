# SPDX-License-Identifier: Apache-2.0
"""What one node tells another that it did not accept: by code and values, so that whoever reads it does so in their own language.

Kept in one column: the sentence with its values as JSON; from a node of an earlier release, which sends none, the sentence alone.
"""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from ortaq.nodes.models import Objection, Quarantined

LONGEST_MESSAGE: Final = 2_000
_MOST_FACTS, _LONGEST_FACT = 30, 500


def told(row: Quarantined) -> dict[str, Any]:
    """Return what the node hears from which the change came."""
    found = {"log": row.log, "seq": row.seq, "code": row.code, "message": row.facts.get("message", "")}
    return found | {"facts": _sound(row.facts.get("facts"))}


def kept(message: str, facts: object) -> str:
    """Return what is kept of a sentence and the values that came with it, whatever that is."""
    short, values = message[:LONGEST_MESSAGE], _sound(facts)
    return orjson.dumps({"message": short, "facts": values}).decode() if values else short


def error_of(row: Objection) -> dict[str, Any]:
    """Return the code, the sentence and the values of what was told us, as an error says them."""
    try:
        found = orjson.loads(row.message)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict) or set(found) != {"message", "facts"}:
        found = {"message": row.message, "facts": {}}
    return {"code": row.code, "message": str(found["message"]), "facts": _sound(found["facts"])}


def _sound(facts: object) -> dict[str, str]:
    """Return those of *facts* that are values of a sentence; another node may send anything."""
    if not isinstance(facts, Mapping):
        return {}
    sound = {name: value for name, value in facts.items() if isinstance(name, str) and isinstance(value, str | int)}
    return {name[:60]: str(value)[:_LONGEST_FACT] for name, value in list(sound.items())[:_MOST_FACTS]}
