# SPDX-License-Identifier: Apache-2.0
"""How long "not allowed" takes beside "not found": nobody learns by the clock what is hidden from them.

Asked in this process, without a network in between: what is not seen here is not seen from outside. Each pair is asked in a random
order, and so is a pair of two things that are both absent, which shows the noise of the machine.

A case fails if the 98 % interval of the difference of the medians lies wholly beyond THRESHOLD, or if what is hidden is slower, or faster,
in more than four of five pairs: on a busy machine the first sees nothing any more, the second does. Crosby, Wallach and Riedi ("Opportunities
and Limits of Remote Timing Attacks", 2009) tell 15 to 100 µs apart across the Internet, with thousands of measurements of one answer;
100 µs is less than a tenth of how much the same answer varies here from one time to the next. Who asks the API that often is slowed down
before (ORTAQ_API_STRANGER_RATE).

ORTAQ_SOAK_ROUNDS sets how many pairs are asked: 40 for each round.
"""

import logging
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from ortaq.records import copies
from ortaq.search.index import Follower
from tests.factories import actor_of, institution, join, viewer
from tests.leaks.belongings import described, upload
from tests.leaks.thing import name_of, write

THRESHOLD = 100e-6
ONE_SIDED = 0.8
_LONG = "Daş üstündə daş. " * 20_000  # a text of 400 kB, which takes long to read
_RESAMPLED = 500
Ask = Callable[[str], Any]


@dataclass(frozen=True)
class Case:
    """One address, asked for what is hidden and for two that are absent."""

    what: str
    ask: Ask
    hidden: str
    absent: str
    other: str


@dataclass(frozen=True)
class Measured:
    """Seconds for each ask; what stands at one place was asked in one moment."""

    hidden: list[float]
    absent: list[float]
    other: list[float]


@pytest.fixture
def cases(node: Any) -> list[Case]:
    """An institution with large things that only its people may see, and somebody of another one who looks for them."""
    house = institution("Muzey A")
    writer = join("yazar", of=house, role="contributor")
    looker = join("baxan", of=institution("Arxiv B"), role="editor")
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(looker)
    stranger = Client(headers={"Accept-Language": "en"})
    body = {"title": {"az": ["Gizli"]}, "description": {"az": [_LONG]}}
    record = name_of(write("monument", body, f"institution:{house.id}", actor_of(writer)))
    for number in range(40):  # opinions about it, and versions
        said = {"about": f"urn:ortaq:{record}", "motivation": "comment", "lang": "az", "text": f"Fikir {number}"}
        write("opinion", said, f"institution:{house.id}", actor_of(writer))
        changed = {**body, "change_note": str(number)}
        write("monument", changed, f"institution:{house.id}", actor_of(writer), uri=f"urn:ortaq:{record}")
    whole = upload(writer, "gizli.txt", _LONG.encode())
    file = described_of(whole.digest)
    for number in range(3):
        write(
            "material", {"title": {"az": [f"G{number}"]}, "files": [file]}, f"institution:{house.id}", actor_of(writer)
        )
    copy = copies.start_copy(viewer(writer), "monument", body=body)
    proposed = copies.start_copy(viewer(writer), "monument", body=body)
    copies.propose_copy(viewer(writer), proposed.key)
    with Follower() as follower:
        follower.catch_up()
    none, zero = f"{node.id}:{'z' * 16}", f"{node.id}:{'y' * 16}"
    of_record, of_key = (record, none, zero), ("b" * 26, "c" * 26)
    digests = (whole.digest, "uEi" + "B" * 44, "uEi" + "C" * 44)
    tus = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
    return [
        Case("record page, a stranger", lambda name: stranger.get(f"/r/{name}"), *of_record),
        Case("record page", lambda name: client.get(f"/r/{name}"), *of_record),
        Case("history", lambda name: client.get(f"/r/{name}/history"), *of_record),
        Case("edit", lambda name: client.post(f"/r/{name}/edit"), *of_record),
        Case("API: record", lambda name: stranger.get(f"/api/records/{name}"), *of_record),
        Case("API: opinions", lambda name: client.get(f"/api/records/{name}/opinions"), *of_record),
        Case(
            "API: withdraw", lambda name: client.delete(f"/api/records/{name}", headers={"If-Match": "*"}), *of_record
        ),
        Case("API: file", lambda digest: stranger.get(f"/api/files/{digest}"), *digests),
        Case("file, a stranger", lambda digest: stranger.get(f"/files/{digest}/a.txt"), *digests),
        Case("file", lambda digest: client.get(f"/files/{digest}/a.txt"), *digests),
        Case("picture", lambda digest: client.get(f"/files/{digest}/image/320"), *digests),
        Case("working copy", lambda key: client.get(f"/work/{key}"), copy.key, *of_key),
        Case("working copy, proposed", lambda key: client.get(f"/work/{key}"), proposed.key, *of_key),
        Case("working copy, saved", lambda key: client.post(f"/work/{key}/save"), copy.key, *of_key),
        Case("upload", lambda key: client.head(f"/uploads/{key}", headers=tus), whole.key, *of_key),
        Case("upload, cancelled", lambda key: client.delete(f"/uploads/{key}", headers=tus), whole.key, *of_key),
    ]


def described_of(digest: str) -> dict[str, Any]:
    from ortaq.files.queries import kept_file

    return described(kept_file(digest), "gizli.txt")


def test_the_clock_tells_nobody_what_is_hidden(cases: list[Case], chance: random.Random, rounds: int) -> None:
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    measured = {case.what: measure(case, chance, rounds * 40) for case in cases}
    rows = list(table(measured, chance))
    print(
        f"{rounds * 40} pairs each, µs; difference of medians hidden − absent with its 98 % interval, beside that of two absent ones"
    )
    print(*(row for row, _is_told in rows), sep="\n")
    assert [row for row, is_told in rows if is_told] == []


def measure(case: Case, chance: random.Random, pairs: int) -> Measured:
    """Ask for the three in a random order, again and again."""
    for name in (case.hidden, case.absent, case.other) * 20:
        assert case.ask(name).status_code in (404, 410)
    took: dict[str, list[float]] = {case.hidden: [], case.absent: [], case.other: []}
    for _ in range(pairs):
        order = list(took)
        chance.shuffle(order)
        for name in order:
            cache.clear()
            started = time.perf_counter()
            case.ask(name)
            took[name].append(time.perf_counter() - started)
    return Measured(took[case.hidden], took[case.absent], took[case.other])


def table(measured: dict[str, Measured], chance: random.Random) -> Iterator[tuple[str, bool]]:
    """Yield a row for each case, and whether it tells something."""
    head = (
        "median hidden",
        "absent",
        "p90 hidden",
        "absent",
        "difference",
        "interval",
        "of two absent",
        "hidden slower",
    )
    yield "  ".join(["asked for".ljust(24), *(one.rjust(14) for one in head)]), False
    for what, one in measured.items():
        low, high = interval(one.hidden, one.absent, chance)
        noise = interval(one.other, one.absent, chance)
        slower = sum(a > b for a, b in zip(one.hidden, one.absent, strict=True)) / len(one.hidden)
        figures = (
            *map(_us, (median(one.hidden), median(one.absent), _p90(one.hidden), _p90(one.absent))),
            _us(median(one.hidden) - median(one.absent)), f"{_us(low)} … {_us(high)}", f"{_us(noise[0])} … {_us(noise[1])}",
            f"{100 * slower:.1f} %",
        )  # fmt: skip
        is_told = low > THRESHOLD or high < -THRESHOLD or not 1 - ONE_SIDED < slower < ONE_SIDED
        yield "  ".join([what.ljust(24), *(figure.rjust(14) for figure in figures)]), is_told


def interval(one: list[float], other: list[float], chance: random.Random) -> tuple[float, float]:
    """The 98 % bootstrap interval of the difference of the medians; pairs are drawn, since the two of a pair shared their moment."""
    pairs, found = list(zip(one, other, strict=True)), []
    for _ in range(_RESAMPLED):
        drawn = chance.choices(pairs, k=len(pairs))
        found.append(median(a for a, _b in drawn) - median(b for _a, b in drawn))
    found.sort()
    return found[_RESAMPLED // 100], found[-_RESAMPLED // 100 - 1]


def _p90(found: list[float]) -> float:
    return sorted(found)[len(found) * 9 // 10]


def _us(seconds: float) -> str:
    return f"{seconds * 1e6:.0f}"
