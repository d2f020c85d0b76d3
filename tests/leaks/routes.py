# SPDX-License-Identifier: Apache-2.0
"""Every address of the node, read off the URL configuration, and what each can be asked for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from ortaq.doors.api.document import OPERATIONS
from ortaq.doors.api.operations import Operation
from ortaq.doors.web.asking import FACETS
from tests.leaks.thing import Thing


@dataclass(frozen=True, slots=True)
class Route:
    """path: as declared; parameters: their names, in order; template: the path with {name} for each; module: of its view."""

    path: str
    parameters: tuple[str, ...]
    template: str
    module: str

    def filled(self, values: dict[str, str]) -> str:
        return "/" + self.template.format(**{name: values[name] for name in self.parameters})


_CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
_GROUP = re.compile(r"\(\?P<(\w+)>")


@cache
def routes() -> list[Route]:
    """Return every route of the URL configuration."""
    return [_route(path, module) for path, module in _paths(get_resolver().url_patterns)]


def _paths(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, str]]:
    for one in patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _paths(one.url_patterns, path)
        else:
            yield path, one.callback.__module__


def _route(path: str, module: str) -> Route:
    if "(?P<" in path or path.startswith("^") or "\\" in path:
        template, parameters = _of_regex(path)
    else:
        parameters = tuple(_CONVERTER.findall(path))
        template = _CONVERTER.sub(lambda match: f"{{{match[1]}}}", path)
    return Route(path, parameters, template, module)


def _of_regex(path: str) -> tuple[str, tuple[str, ...]]:
    """Take the named groups of a regular expression for what they are, and its other characters for themselves."""
    names = tuple(_GROUP.findall(path))
    out, at = "", 0
    while at < len(path):
        match = _GROUP.match(path, at)
        if match:
            depth, end = 1, match.end()
            while depth:
                char = path[end]
                end += 2 if char == "\\" else 1
                depth += {"(": 1, ")": -1}.get(char, 0)
            out, at = f"{out}{{{match[1]}}}", end
        elif path.startswith(("\\Z", "\\A"), at):
            at += 2
        elif path[at] in "^$":
            at += 1
        else:
            at += path[at] == "\\"
            out, at = out + path[at], at + 1
    return out, names


# What stands for each parameter that is no secret. A route with another one has to be thought about: name it here, or below.
PLAIN = {
    "form": "jsonl", "tag": "az", "look": "dark", "secret": "x" * 43, "kind": "monument", "size": "320",
    "institution": "b" * 16, "provider": "ministry", "token": "x", "log": "a" * 26,
    "upto": "1000", "part": "0", "group": "b" * 16,
    "region": "full", "scale": "max", "rotation": "0", "quality": "default", "ending": "jpg",
}  # fmt: skip
# What a route names whose address matches; the first that fits.
SORTS = {
    r"<str:digest>|exchange/files/|^\^iiif/image/": "file",
    r"^\^r/\(|^(opinions|agreements|locations)/<|^api/records/<": "record",
    r"^work/<": "copy",
    r"^(uploads|files/upload)/<": "upload",
    r"^(many/jobs|import)/<": "job",
    r"/tokens/<": "token",
    r"/passkeys/<": "passkey",
    r"/invitations/<": "invitation",
    r"^node/partners/<": "partner",
    r"^institutions/.*/people/<|^account/institutions/<": "member",
}
_OF_SORT = {"name", "id", "digest", "key", "number"}
# What of a viewer's may stand in a form or behind the question mark, and names a thing of which sort.
NAMING = {
    "about": "record", "reply_to": "record", "like": "record", "target": "record", "links_to": "record", "author": "record",
    "membership": "member", "successor": "member", "session": "session", "notice": "notice",
}  # fmt: skip
# What is no name of a thing: words to search for, choices, numbers of versions and pages, what is typed into a text.
SAYING = set(
    "q kind country language area period from to box order after limit view lang role source_id title text "
    "_between _do _revision _version _audience _mine do how next remark up_to version action before opinions_after since until who "
    "again audience content lon name tag password days description homepage login motivation needs_proposal offered "
    "office scopes field operation note show page _other of format table source_prefix records files wait seq "
    "live address seen trust compared fetched megabytes".split()
)


def values_for(route: Route, thing: Thing, *, beside: str = "") -> dict[str, str]:
    """Return what to fill the route's parameters with to ask for *thing*; KeyError for a parameter that nobody thought of.

    beside: name of a record that one may see, for addresses that name two; *thing* itself if not given
    """
    known = {**PLAIN, **_own_values(route, thing), **({"name": beside, "id": beside} if beside else {})}
    if missing := [name for name in route.parameters if name not in known]:
        raise KeyError(f"{route.path}: say in tests/leaks/routes.py what stands for {', '.join(missing)}")
    return known


def _own_values(route: Route, thing: Thing) -> dict[str, str]:
    of_file = {"digest": thing.digest or "uEi" + "A" * 44}
    if sort_of(route) == "file":
        return {**of_file, "name": thing.filename or "x.txt", "node": thing.name.partition(":")[0]}
    house = {"institution": thing.house} if thing.house else {}
    return {
        **of_file,
        **house,
        "name": thing.name,
        "id": thing.name,
        "other": thing.name,
        "key": _key(route, thing),
        "number": _number(thing),
    }


def _key(route: Route, thing: Thing) -> str:
    return thing.name if thing.address == sort_of(route) else "a" * 26


def _number(thing: Thing) -> str:
    return thing.name if thing.name.isdecimal() else "1"


def sort_of(route: Route) -> str:
    """Return what sort of thing the address itself names; empty for one that names none."""
    if not _OF_SORT & set(route.parameters):
        return ""
    found = next((sort for pattern, sort in SORTS.items() if re.search(pattern, route.path)), "")
    if not found:
        raise KeyError(f"{route.path}: say in tests/leaks/routes.py what sort of thing it names")
    return found


def asks_for_a_thing(route: Route) -> bool:
    """Tell whether the address itself names a record, a file, a working copy …"""
    return bool(sort_of(route))


def asks_for(route: Route, thing: Thing) -> bool:
    """Tell whether the address can name *thing*: what it would name otherwise is nothing at all."""
    sort = sort_of(route)
    if sort == "file":
        return bool(thing.digest)
    return sort == ("record" if thing.address == "version" else thing.address) and bool(thing.name)


@cache
def read_by(route: Route) -> frozenset[str]:
    """Return the names under which the view takes something from a form or from behind the question mark, as its source says."""
    if route.module == "ortaq.doors.api.gate":
        return frozenset(one.name for operation in operations_of(route) for one in operation.parameters)
    source = _source(route.module)
    if "from ortaq.doors.web.asking import" in source:  # the search as it stands in an address
        source += _source("ortaq.doors.web.asking") + "".join(f'given["{name}"' for name in FACETS)
    return frozenset(_READ.findall(source))


_READ = re.compile(r'''(?:GET|POST|given)(?:\.get(?:list)?\(|\[)"(\w+)"''')


@cache
def _source(module: str) -> str:
    return Path(import_module(module).__file__ or "").read_text("utf-8")


def operations_of(route: Route) -> list[Operation]:
    """Return what the API does at an address, by its declarations."""
    return [one for one in OPERATIONS if f"api{one.path}" == re.sub(r"<str:(\w+)>", r"{\1}", route.path)]
