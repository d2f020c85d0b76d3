# SPDX-License-Identifier: Apache-2.0
"""Search over HTTP at a running `ortaq serve`, side by side with the bare index, at the largest size."""

import statistics
from collections.abc import Iterator

import orjson

from bench.floors import BareSearch, quantiles
from bench.questions import Question, classes
from bench.serving import Client, served, together
from bench.table import Row, megabytes, milliseconds
from bench.workspace import Workspace, tell

TIMES, PLUS_MS = 3, 10  # p95 at most so many times the floor's, plus so much
WARM, ASKED = 10, 40
CLIENTS = (1, 4)


def measured(workspace: Workspace) -> Iterator[Row]:
    """Yield a row for each class of questions and number of clients, then the memory of the server."""
    size = workspace.largest
    workspace.floor(size)
    home = workspace.node(size).home
    bare = BareSearch(workspace.floor_folder(size))
    tell(f"choosing questions to {size:,} records")
    asked = classes(bare, workspace.corpus(size), size, WARM + ASKED * len(CLIENTS))
    with served(home, size) as (port, peak):
        for name, questions in asked.items():
            tell(f"search: {name}")
            hits = _hits(port, bare, questions[:WARM])
            for place, clients in enumerate(CLIENTS):
                share = questions[WARM + place * ASKED :][:ASKED]
                yield _row(name, clients, hits, *_ask(port, bare, share, clients))
    yield Row(
        f"memory of serve, {size:,}",
        megabytes(peak.anonymous),
        facts={"anonymous_bytes": peak.anonymous, "resident_bytes": peak.resident},
    )


Times = tuple[float, float]


def _ask(port: int, bare: BareSearch, questions: list[Question], clients: int) -> tuple[Times, Times, Times]:
    """Return p50 and p95 in ms: ours, the bare index, the bare index with facets."""
    ours = together(lambda client, one: client.get(one.address), [Client(port) for _ in range(clients)], questions)
    plain = together(lambda _, one: bare.answer(one.bare), range(clients), questions)
    faceted = together(lambda _, one: bare.answer(one.bare, facets=True), range(clients), questions)
    return quantiles(ours), quantiles(plain), quantiles(faceted)


def _hits(port: int, bare: BareSearch, questions: list[Question]) -> tuple[float, float]:
    """Warm both up; return how many records a question finds here and there, in the middle."""
    client = Client(port)
    answers = [orjson.loads(client.get(one.address)) for one in questions if one.address.startswith("/api/")]
    ours = [answer["total"] for answer in answers] or [0]
    return statistics.median(ours), statistics.median(bare.answer(one.bare) for one in questions)


def _row(name: str, clients: int, hits: tuple[float, float], ours: Times, plain: Times, faceted: Times) -> Row:
    limit = TIMES * plain[1] + PLUS_MS
    return Row(
        f"search: {name}, {clients} client{'s' if clients > 1 else ''}",
        milliseconds(ours),
        f"{milliseconds(plain)} (facets {milliseconds(faceted)})",
        f"{ours[1] / plain[1]:.1f}",
        f"p95 ≤ {limit:.1f} ms",
        ours[1] <= limit,
        {"ours_ms": ours, "bare_ms": plain, "bare_with_facets_ms": faceted, "clients": clients, "hits": hits},
    )
