# SPDX-License-Identifier: Apache-2.0
"""`ortaq institution`: the institutions that this node serves."""

import orjson

from ortaq.people.actions import found_institution
from ortaq.people.queries import all_institutions


def add(name: str, lang: str, country: str) -> int:
    print(found_institution({lang: [name]}, by=None, country=country).id)
    return 0


def list_institutions(*, as_json: bool) -> int:
    for one in all_institutions():
        name = " / ".join(text for texts in one.name.values() for text in texts)
        facts = {"id": one.id, "name": one.name, "country": one.country, "active": one.is_active, "people": one.people}  # type: ignore[attr-defined]
        line = "  ".join([one.id, name, one.country or "-", "active" if one.is_active else "closed"])
        print(orjson.dumps(facts).decode() if as_json else line)
    return 0
