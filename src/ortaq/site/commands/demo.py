# SPDX-License-Identifier: Apache-2.0
"""`ortaq demo`: three nodes on this machine, each with its part of the sample, that exchange."""

import itertools
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

import orjson

from ortaq.core.identifiers import local_id_of_source, record_uri
from ortaq.site import sample
from ortaq.site.ports import check_port
from ortaq.site.towns import HOST, TOWNS, TownNode, end

_READY: Final = (
    "demo.ready"  # in the folder, once everything is in place; says the port, which the partners' addresses name
)


def demo(kept: Path | None, port: int) -> int:
    """Serve the three until interrupted. kept: folder that stays and is taken up again. Raises PortTaken, SampleAbsent."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    sample.folder()
    for number in range(len(TOWNS)):
        check_port(HOST, port + number)
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        return _serve(kept.resolve(), port, is_kept=True)
    with tempfile.TemporaryDirectory(prefix="ortaq-demo-", ignore_cleanup_errors=True) as folder:
        return _serve(Path(folder), port, is_kept=False)


def _serve(root: Path, port: int, *, is_kept: bool) -> int:
    nodes = [TownNode(town, root, port + number) for number, town in enumerate(TOWNS)]
    try:
        _start(nodes)
        _prepare(root, nodes)
        _tell(nodes, root if is_kept else None)
        while True:
            time.sleep(1)
            for node in nodes:
                node.check_that_it_runs()
    except KeyboardInterrupt:
        return 0
    finally:
        _say("ending")
        end(nodes)


def _start(nodes: Sequence[TownNode]) -> None:
    _say("starting Baku, Astana and Bishkek")
    for node in nodes:
        node.start()
    for node in nodes:
        node.wait_until_it_answers()


def _prepare(root: Path, nodes: Sequence[TownNode]) -> None:
    """Bring the sample in and make partners, or go on where an earlier start was interrupted: doing it again changes nothing."""
    ready, port = root / _READY, str(nodes[0].port)
    said = ready.read_text("ascii") if ready.exists() else ""
    if not said:
        _say("bringing each one's part of the sample in")
        shares = Shares(nodes)
        shares.bring_in(0)
    if said != port:
        _say("making partners of them")
        _make_partners(nodes)
    if not said:
        _say("waiting until each has what the others wrote, and letting experts answer each other")
        for number in range(1, shares.rounds):
            shares.wait_until_all_show(number - 1)
            shares.bring_in(number)
    _wait_until_all_have_all(nodes)
    ready.write_text(port, "ascii")


class Shares:
    """The sample, shared out among *nodes*: in each round they write what needs nothing of a later one."""

    def __init__(self, nodes: Sequence[TownNode]) -> None:
        self._nodes = nodes
        corpus = sample.lines()
        of_country = {country: node.name for node in nodes for country in node.town.countries}
        self._owner = sample.owners(corpus, of_country, vocabulary=nodes[0].name, rest=nodes[-1].name)
        self._rounds = sample.rounds(corpus, self._owner)

    @property
    def rounds(self) -> int:
        return len(self._rounds)

    def uri(self, source_id: str) -> str:
        """Return the URI of a record of the sample at the node that answers for it."""
        ids = {node.name: node.id for node in self._nodes}
        return record_uri(ids[self._owner[source_id]], local_id_of_source(source_id))

    def bring_in(self, number: int) -> None:
        """Let every node write its part of a round, at the same time."""
        with ThreadPoolExecutor(len(self._nodes)) as threads:
            list(threads.map(lambda node: self._write(node, self._part(node, number)), self._nodes))

    def wait_until_all_show(self, number: int) -> None:
        """Wait until everything of a round is at every node: logs travel in order, so the last record tells of those before it."""
        for source in self._nodes:
            if part := self._part(source, number):
                last = self.uri(part[-1]["source_id"])
                for node in self._nodes:
                    node.wait_until(partial(node.shows, last), f"{source.name}'s records have not come")

    def _part(self, node: TownNode, number: int) -> list[sample.Line]:
        return [line for line in self._rounds[number] if self._owner[line["source_id"]] == node.name]

    def _write(self, node: TownNode, part: Sequence[sample.Line]) -> None:
        if not part:
            return
        ids = {one.name: one.id for one in self._nodes}
        with tempfile.TemporaryDirectory(prefix="ortaq-sample-") as folder:
            shutil.copytree(sample.folder() / "files", Path(folder) / "files")
            file = Path(folder) / "part.jsonl"
            lines = (orjson.dumps(sample.linked(line, node.name, self._owner, ids)) for line in part)
            file.write_bytes(b"\n".join(lines) + b"\n")
            node.ortaq("import", str(file))


def _make_partners(nodes: Sequence[TownNode]) -> None:
    """Each proposes to those after it, who accept; what is "for partners" travels too."""
    for asking, asked in itertools.combinations(nodes, 2):
        asking.ortaq("partner", "add", asked.address, "--trust", "partner")
        asked.ortaq("partner", "accept", asking.address, "--trust", "partner")


def _wait_until_all_have_all(nodes: Sequence[TownNode]) -> None:
    """Everyone has every log as far as it goes, and refused nothing of it."""
    heads = {node.id: _head(node) for node in nodes}

    def has_all(node: TownNode) -> bool:
        partners = node.partners()
        return len(partners) == len(nodes) - 1 and all(
            one["position"] >= heads[one["node"]] and not one["refused"] and not one["forks"] for one in partners
        )

    for node in nodes:
        node.wait_until(partial(has_all, node), "it has not everything; see 'ortaq partner list'")


def _head(node: TownNode) -> int:
    """Return how far the log of the node goes."""
    return int((node.asked("/.well-known/ortaq") or {"head": {"seq": 0}})["head"]["seq"])


def _tell(nodes: Sequence[TownNode], kept: Path | None) -> None:
    shares = Shares(nodes)
    print(
        "\nThree nodes exchange. Each has its own records, and those of the other two with proof of who signed them.\n"
    )
    for node in nodes:
        countries = " ".join(node.town.countries)
        print(f"  {node.name:<8} {node.address}/   answers for {countries}; {_head(node)} signed changes")
        print(f"  {'':<8} sign in: {node.link or 'as the person who opened the link'}")
    palace, roadmap = shares.uri("monument:khan-palace-sheki"), shares.uri("material:roadmap-draft-az-kz-2023")
    print("\nWhat to try:")
    print(f"  1. The palace of Sheki as Bishkek shows it: {_page(nodes[2], palace)}")
    print(
        "     It is a record of Baku; the dialogue below it was signed at all three nodes (invented persons, marked as examples)."
    )
    print(f"  2. The draft roadmap, with an opinion of Astana and the reply of Baku: {_page(nodes[0], roadmap)}")
    print("  3. Open the link of Astana, give an opinion on the palace there; within five seconds it stands in Baku.")
    print(
        f"  4. How the exchange stands: signed in at {nodes[0].address}/node/partners, or {_command(nodes[0], 'partner list')}"
    )
    print(f"  5. Check every signature: {_command(nodes[0], 'verify')}")
    print("\nCtrl+C ends all three" + (f"; they stay in {kept}." if kept else ", and removes them."), flush=True)


def _page(node: TownNode, uri: str) -> str:
    return f"{node.address}/r/{uri.removeprefix('urn:ortaq:')}"


def _command(node: TownNode, words: str) -> str:
    return f"ortaq {words} --home {node.home}"


def _say(text: str) -> None:
    print(f"demo: {text}", file=sys.stderr, flush=True)
