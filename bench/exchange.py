# SPDX-License-Identifier: Apache-2.0
"""A partner that has nothing yet catches up by `ortaq sync`, beside bare verify and insert, and beside an OAI-PMH harvest of the same records."""

import itertools
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from oaipmh_scythe import Scythe
from oaipmh_scythe.client import RetryConfig

from bench.process import ORTAQ, Failed, Peak, Ran, environment, run
from bench.relay import Relay, relayed
from bench.serving import free_port, served
from bench.table import Row, megabytes, thousands
from bench.workspace import Workspace, tell
from ortaq.core.change import Header
from ortaq.core.proof import config_digest, public_key, unkept, verification_method

SHARE_OF_FLOOR = 2 / 5
TIMES_OAI = 10
FLAT = 1.25
LARGEST = 100_000
HARVESTED = 20_000  # of a larger corpus a part is harvested: the speed of a harvest does not depend on where it is
_CHUNK = 1_000
_COLUMNS = "node,seq,prior,record,kind,version,at,by,audience,digest,erases,key,signature,body"


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """Figures of one catch-up; floor, harvest: changes and records a second."""

    size: int
    ran: Ran
    start_seconds: float
    sender: Peak
    wire_bytes: int
    floor: float
    harvest: float

    @property
    def per_second(self) -> float:
        return self.size / (self.ran.seconds - self.start_seconds)


def measured(workspace: Workspace) -> Iterator[Row]:
    """Yield speed, bytes and memory at each size up to a hundred thousand."""
    found = [_caught_up(size, workspace) for size in workspace.sizes if size <= LARGEST]
    for one in found:
        yield from _rows(one)
    if len(found) > 1:
        yield _memory("receiver", found[-2], found[-1], found[-2].ran.peak, found[-1].ran.peak)
        yield _memory("sender", found[-2], found[-1], found[-2].sender, found[-1].sender)


def _rows(one: CaughtUp) -> Iterator[Row]:
    share, times = one.per_second / one.floor, one.per_second / one.harvest
    facts = {"seconds": one.ran.seconds, "start_seconds": one.start_seconds, "wire_bytes": one.wire_bytes}
    yield Row(
        f"catch-up of {one.size:,} changes", f"{thousands(one.per_second)}/s", f"{thousands(one.floor)}/s verify + insert",
        f"{share:.2f}", f"≥ {SHARE_OF_FLOOR:.2f}", share >= SHARE_OF_FLOOR, facts,
    )  # fmt: skip
    yield Row(
        f"  against an OAI-PMH harvest, {one.size:,}", f"{thousands(one.per_second)}/s", f"{thousands(one.harvest)}/s",
        f"{times:.1f}", f"≥ {TIMES_OAI}", times >= TIMES_OAI,
    )  # fmt: skip
    yield Row(f"  bytes a change on the wire, {one.size:,}", f"{one.wire_bytes / one.size:,.0f} B")


def _memory(side: str, before: CaughtUp, most: CaughtUp, first: Peak, last: Peak) -> Row:
    ratio = last.anonymous / first.anonymous
    return Row(
        f"memory of the {side}, {before.size:,} → {most.size:,}", megabytes(last.anonymous), megabytes(first.anonymous),
        f"{ratio:.2f}", f"≤ {FLAT:.2f}", ratio <= FLAT,
    )  # fmt: skip


def _caught_up(size: int, workspace: Workspace) -> CaughtUp:
    home, new = workspace.node(size).home, workspace.folder / f"partner-{size}"
    tell(f"bare verify and insert of {size:,} changes")
    floor = size / _floor(home / "node.sqlite3", workspace.folder / f"floor-exchange-{size}.sqlite3")
    port = free_port()
    with relayed(port) as relay, served(home, size, port=port, address=relay.address) as (_port, sender):
        tell(f"ortaq sync of {size:,} changes")
        env = environment(new, ORTAQ_ADDRESS=f"http://127.0.0.1:{free_port()}", ORTAQ_REACHABLE="127.0.0.0/8")
        _make_partners(home, env, relay)
        start = run([ORTAQ, "partner", "list"], env).seconds
        relay.count = 0
        ran = run([ORTAQ, "sync"], env)
        wire_bytes = relay.count
        _check(new, size)
        tell("OAI-PMH harvest")
        harvest = _harvest(f"http://127.0.0.1:{port}/oai", min(size, HARVESTED))
    return CaughtUp(size, ran, start, sender, wire_bytes, floor, harvest)


def _make_partners(home: Path, env: dict[str, str], relay: Relay) -> None:
    """The new node is not served, so it hears of the yes when it asks once more."""
    run([ORTAQ, "partner", "add", relay.address], env)
    sender = environment(home, ORTAQ_ADDRESS=relay.address, ORTAQ_REACHABLE="127.0.0.0/8")
    try:
        run([ORTAQ, "partner", "accept", env["ORTAQ_ADDRESS"]], sender)
    except Failed as failure:
        if "outward." not in str(failure):
            raise
    run([ORTAQ, "partner", "add", relay.address], env)


def _check(home: Path, size: int) -> None:
    with sqlite3.connect(home / "node.sqlite3") as connection:
        (count,) = connection.execute("SELECT count(*) FROM records_change WHERE body IS NOT NULL").fetchone()
    if count < size:
        raise Failed(f"of {size} changes only {count} are there")


def _floor(source: Path, target: Path) -> float:
    """Return the seconds for verifying and inserting every change of the node; reading them stays outside the clock."""
    seconds = 0.0
    with sqlite3.connect(source) as reading, sqlite3.connect(target) as writing:
        writing.execute("PRAGMA journal_mode=WAL")
        writing.execute("PRAGMA synchronous=FULL")
        writing.execute(f"CREATE TABLE change ({_COLUMNS}, UNIQUE (node, seq))")
        rows = reading.execute(f"SELECT {_COLUMNS} FROM records_change ORDER BY id")
        while chunk := list(itertools.islice(rows, _CHUNK)):
            ready = [(_signed(row), unkept(row[12]), public_key(row[11]), row) for row in chunk]
            started = time.perf_counter()
            for data, signature, key, _row in ready:
                key.verify(signature, data)
            writing.executemany(f"INSERT INTO change VALUES ({','.join('?' * 14)})", [row for *_, row in ready])
            writing.commit()
            seconds += time.perf_counter() - started
    return seconds


def _signed(row: tuple[str, ...]) -> bytes:
    """The bytes under the signature of a change."""
    header = Header(*row[:10])  # type: ignore[arg-type]
    return config_digest(row[6], verification_method(row[11])) + header.sha256()


def _harvest(address: str, count: int) -> float:
    """Return how many records a second an independent harvester takes."""
    with Scythe(address, retry_config=RetryConfig(max_retries=20, default_retry_after=1)) as scythe:
        started = time.perf_counter()
        found = sum(1 for _record in itertools.islice(scythe.list_records(metadata_prefix="oai_dc"), count))
        seconds = time.perf_counter() - started
    if found < count:
        raise Failed(f"the harvest ended after {found} of {count} records")
    return found / seconds
