# SPDX-License-Identifier: Apache-2.0
"""Every address of the node, read off the URL configuration, and what each can be asked for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from tests.leaks.world import Thing


@dataclass(frozen=True, slots=True)
class Route:
    """path: as declared; parameters: their names, in order; template: the path with {name} for each."""

    path: str
    parameters: tuple[str, ...]
    template: str

    def filled(self, values: dict[str, str]) -> str:
        return "/" + self.template.format(**{name: values[name] for name in self.parameters})


_CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
_GROUP = re.compile(r"\(\?P<(\w+)>")


def routes() -> list[Route]:
    """Return every route of the URL configuration."""
    return [_route(path) for path in _paths(get_resolver().url_patterns)]


def _paths(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for one in patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _paths(one.url_patterns, path)
        else:
            yield path


def _route(path: str) -> Route:
    if "(?P<" in path or path.startswith("^") or "\\" in path:
        template, parameters = _of_regex(path)
    else:
        parameters = tuple(_CONVERTER.findall(path))
        template = _CONVERTER.sub(lambda match: f"{{{match[1]}}}", path)
    return Route(path, parameters, template)


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
    "institution": "b" * 16, "number": "1", "provider": "ministry", "token": "x",
}  # fmt: skip


def values_for(route: Route, thing: Thing) -> dict[str, str]:
    """Return what to fill the route's parameters with to ask for *thing*; KeyError for a parameter that nobody thought of."""
    known = {**PLAIN, **_own_values(route, thing)}
    if missing := [name for name in route.parameters if name not in known]:
        raise KeyError(f"{route.path}: say in tests/leaks/routes.py what stands for {', '.join(missing)}")
    return known


def _own_values(route: Route, thing: Thing) -> dict[str, str]:
    is_file = "digest" in route.parameters
    return {
        "name": (thing.filename or "x.txt") if is_file else thing.name,
        "id": thing.name,
        "digest": thing.digest or "uEi" + "A" * 44,
        "key": thing.name if thing.address == "copy" else "a" * 26,
    }


def asks_for_a_thing(route: Route) -> bool:
    """Tell whether the address itself names a record, a file or a working copy."""
    return bool(set(route.parameters) - PLAIN.keys())
