# SPDX-License-Identifier: Apache-2.0
"""The proof, as questions about one viewer: each yields what is wrong, so that a test can also show that it would be seen."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.test import Client

from ortaq.records.models import Record
from tests.leaks.asking import (
    Ask,
    absent,
    anonymous,
    answered,
    asks_at,
    asks_naming,
    client_of,
    leaks,
    questions,
    said,
)
from tests.leaks.routes import PLAIN, Route, asks_for, asks_for_a_thing, operations_of, routes, sort_of
from tests.leaks.thing import STRANGER, Thing, World

_SECONDS_MISSED = 5

Fault = str


class Proof:
    """What *label* is told. seen: what was asked, for the table: (sort of thing, how it was looked at) → number of answers."""

    def __init__(self, world: World, label: str, node: str) -> None:
        self.world, self.label, self.node = world, label, node
        self.client: Client = client_of(world, label)
        self.stranger: Client = client_of(world, STRANGER)
        self.hidden = world.hidden_from(label)
        self.own = world.own.get(label[0], world.own["A"])
        self.seen: Counter[tuple[str, str]] = Counter()
        self.routes: set[str] = set()
        self._meaningless: set[str] = set()
        self._answers_head_itself = False
        self._absent = cache(self._answer)

    def at_addresses(self, wanted: Callable[[Route], bool] = lambda _: True) -> Iterator[Fault]:
        """Ask for everything at every address that can name it: nothing hidden is told, hidden looks like absent."""
        for route in filter(wanted, filter(asks_for_a_thing, routes())):
            self.routes.add(route.path)
            self._meaningless = set()
            self._answers_head_itself = sort_of(route) in ("file", "upload") or bool(operations_of(route))
            for thing in (one for one in self.world.things if asks_for(route, one)):
                if thing in self.hidden and thing.address != "version":
                    own, other = (asks_at(route, one, self.own) for one in (thing, absent(thing, self.node)))
                    yield from self._compared(own, other, thing)
                else:
                    yield from self._leaks(next(asks_at(route, thing, self.own)), thing)

    def in_forms(self, wanted: Callable[[Route], bool] = lambda _: True) -> Iterator[Fault]:
        """Name what is hidden in forms, bodies and behind question marks: it is answered as what is absent."""
        for route in filter(wanted, routes()):
            if asks_for_a_thing(route):
                continue
            self._meaningless = set()
            for thing in self.hidden:
                if thing.name and thing.address != "version" and not thing.is_known:
                    own, other = asks_naming(route, thing), asks_naming(route, absent(thing, self.node))
                    yield from self._compared(own, other, thing)

    def elsewhere(self, wanted: Callable[[Route], bool] = lambda _: True) -> Iterator[Fault]:
        """Ask every address that names no thing, with nothing and with what would find what is hidden."""
        for route in filter(wanted, routes()):
            if asks_for_a_thing(route):
                continue
            self.routes.add(route.path)
            for values in self._fillings(route):
                for data in questions(route, self.hidden):
                    yield from self._looked_up(route, route.filled(values), data)

    def counts(self) -> Iterator[Fault]:
        """Everything that is counted, is counted without what is hidden: hits, facets, points, the ways in of the first page."""
        hidden = [thing.uri for thing in self.hidden if thing.address == "record"]
        shown = Record.objects.filter(state=Record.LIVE).exclude(uri__in=hidden)
        expected = dict(Counter(shown.values_list("kind", flat=True)))
        answer = self.client.get("/api/search", {"limit": 100}).json()
        found = {
            "hits": dict(Counter(hit["kind"] for hit in answer["hits"])),
            "facet": {one["value"]: one["count"] for one in answer["facets"]["kind"]},
            "first page": {way.value: way.count for way in self.client.get("/").context["kinds"]},
            "list": dict(Counter(one["kind"] for one in self._listed())),
        }
        yield from (
            f"{name} as {self.label}: {kinds} ≠ {expected}" for name, kinds in found.items() if kinds != expected
        )
        if answer["total"] != sum(expected.values()):
            yield f"total as {self.label}: {answer['total']} ≠ {sum(expected.values())}"
        points = self.client.get("/api/points").json()["points"]
        located = expected["monument"] + expected.get("location", 0)
        if len(points) != located:
            yield f"points as {self.label}: {len(points)} ≠ {located}"

    def _listed(self) -> Iterator[dict[str, str]]:
        after = 0
        while after is not None:
            page = self.client.get("/api/records", {"after": after} if after else {}).json()
            yield from page["records"]
            after = page["after"]

    def _fillings(self, route: Route) -> Iterator[dict[str, str]]:
        """An address that names an institution is asked for each: institutions are no secret, what is theirs is."""
        if "institution" in route.parameters:
            yield from ({**PLAIN, "institution": house.id} for house in self.world.houses.values())
        else:
            yield PLAIN

    def _looked_up(self, route: Route, address: str, data: dict[str, str]) -> Iterator[Fault]:
        ask = Ask("GET", f"{address}?{urlencode(data)}" if data else address)
        response = answered(self.client, ask)
        text = said(response)
        for found in leaks(text, ask.address, self.hidden):
            yield f"{ask} as {self.label} tells {found}"
        if response.status_code >= 500:
            yield f"{ask} as {self.label}: {response.status_code}"
        if not _is_kept_apart(response) and not self._is_said_to_a_stranger_too(ask):
            yield f"{ask} as {self.label} may be kept for others: {dict(response.items())}"
        if route.path == "api/search" and data.get("q") in self._words:
            answer = json.loads(response.content)  # type: ignore[attr-defined]
            if (answer["total"], answer["facets"].get("kind") or []) != (0, []):
                yield f"{ask} as {self.label} counts {answer['total']} {answer['facets']}"
        self._count(None, "questions")

    def _is_said_to_a_stranger_too(self, ask: Ask) -> bool:
        """Some answers name their second, and one signs it: who is answered otherwise is so in every second."""
        return any(
            said(answered(self.client, ask)) == said(answered(self.stranger, ask)) for _ in range(_SECONDS_MISSED)
        )

    @property
    def _words(self) -> set[str]:
        return {word for thing in self.hidden for word in thing.secrets[:3]}

    def _compared(self, own: Iterable[Ask], other: Iterable[Ask], thing: Thing) -> Iterator[Fault]:
        for asked, control in zip(own, other, strict=True):
            if asked.method in self._meaningless:
                continue
            is_as_long = (len(asked.address), len(asked.body)) == (len(control.address), len(control.body))
            text = said(answered(self.client, asked))
            for found in leaks(text, f"{asked.address} {asked.body.decode()} {dict(asked.headers)}", self.hidden):
                yield f"{asked} as {self.label}, asked for {thing.label}, tells {found}"
            expected = self._absent(control, is_as_long)
            if expected.startswith("405") or (asked.method == "HEAD" and not self._answers_head_itself):
                # The method is looked at before anything else, and HEAD is GET cut short: one thing shows that.
                self._meaningless.add(asked.method)
            if anonymous(text, asked, keep_length=is_as_long) != expected:
                first = _difference(anonymous(text, asked, keep_length=is_as_long), expected)
                yield f"{asked} as {self.label}: {thing.label} is not as what is absent: {first}"
            self._count(thing, "compared")

    def _answer(self, ask: Ask, keep_length: bool) -> str:
        return anonymous(said(answered(self.client, ask)), ask, keep_length=keep_length)

    def _leaks(self, ask: Ask, thing: Thing) -> Iterator[Fault]:
        response = answered(self.client, ask)
        for found in leaks(said(response), ask.address, self.hidden):
            yield f"{ask} as {self.label}, asked for {thing.label}, tells {found}"
        if response.status_code >= 500:
            yield f"{ask} as {self.label}: {response.status_code}"
        self._count(thing, "read")

    def _count(self, thing: Thing | None, how: str) -> None:
        self.seen[thing.address if thing else "", how] += 1

    def table(self) -> dict[str, object]:
        """What was done, for the summary of the run."""
        return {
            "viewer": self.label,
            "routes": sorted(self.routes),
            "things": len(self.world.things),
            "hidden": len(self.hidden),
            "answers": {f"{sort}/{how}": count for (sort, how), count in sorted(self.seen.items())},
        }


def _difference(one: str, other: str) -> str:
    pairs = zip(one.splitlines(), other.splitlines(), strict=False)
    return next((f"{a[:300]!r} ≠ {b[:300]!r}" for a, b in pairs if a != b), f"{len(one)} ≠ {len(other)} characters")


def _is_kept_apart(response: HttpResponseBase) -> bool:
    """No cache between gives one reader what another was answered."""
    control, vary = response.get("Cache-Control", ""), response.get("Vary", "")
    return "private" in control or "no-store" in control or "Cookie" in vary or response.status_code >= 400
