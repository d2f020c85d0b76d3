# SPDX-License-Identifier: Apache-2.0
"""`ortaq partner group …`: partners under one name, which authors may write for."""

from collections.abc import Sequence

import orjson

from ortaq.core.errors import N_, OrtaqError
from ortaq.doors.feed import deciding
from ortaq.nodes import groups, partners
from ortaq.nodes.models import PartnerGroup


class NameMalformed(OrtaqError):
    code, status = "partner-group.name-malformed", 422
    say = N_("'%(given)s' is no name in a language. Write it as --name az='Türk qovşaqları'.")


def list_groups(*, as_json: bool) -> int:
    for one in groups.groups():
        facts = {"key": one.key, "names": one.names, "members": one.members}
        print(orjson.dumps(facts).decode() if as_json else _line(one))
    return 0


def make(names: Sequence[str], members: Sequence[str]) -> int:
    print(_line(deciding.make_group(_names(names), _nodes(members))))
    return 0


def change(group: str, names: Sequence[str], members: Sequence[str]) -> int:
    """Names in other languages stay; members, if any are given, are all that there are from then on."""
    found = groups.group_of(group)
    nodes = _nodes(members) if members else found.members
    deciding.change_group(found, {**found.names, **_names(names)}, nodes)
    print(_line(found))
    return 0


def remove(group: str) -> int:
    found = groups.group_of(group)
    line = _line(found)
    deciding.remove_group(found)
    print(f"{line}  removed")
    return 0


def _names(given: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in given:
        tag, equals, text = one.partition("=")
        if not tag or not equals:
            raise NameMalformed(given=one)
        found[tag] = [text.strip()] if text.strip() else []
    return found


def _nodes(members: Sequence[str]) -> list[str]:
    return [partners.partner_of(name).node_id for name in members]


def _line(group: PartnerGroup) -> str:
    texts = dict.fromkeys(text for found in group.names.values() for text in found)
    return f"{group.key}  {' / '.join(texts)}  {','.join(group.members)}"
