# SPDX-License-Identifier: Apache-2.0
"""Three nodes agree: each signs at home, each sees what the others have signed, and what is in force is the same everywhere."""

import html
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from playwright.sync_api import Browser, Page, expect

from ortaq.nodes.kind import record_of_node
from tests.exchange.members import Federation, Member, seconds_until
from tests.exchange.people import keepers

TITLE = {"az": ["Ortaq irs haqqında saziş"], "kk": ["Ортақ мұра туралы келісім"], "ky": ["Орток мурас жөнүндө келишим"]}
TEXT = {"az": ["Abidələri birgə bərpa edirik."], "kk": ["Ескерткіштерді бірге қалпына келтіреміз."]}
AMENDED = {
    "az": ["Abidələri birgə bərpa edir və qoruyuruq."],
    "kk": ["Ескерткіштерді бірге қалпына келтіріп, қорғаймыз."],
}
KEEPERS = {
    "Baku": ("aysel", "Aysel Quliyeva"),
    "Astana": ("aigerim", "Айгерім Сәрсен"),
    "Bishkek": ("aibek", "Айбек Осмонов"),
}


@dataclass
class Round:
    """An agreement, the keepers who sign it, and how long it took until each step stood on the pages of the others."""

    nodes: Federation
    pages: dict[str, Page]
    record: str
    took: list[tuple[str, list[float]]] = field(default_factory=list)
    since: float = 0  # when the newest step was made: the moment in which somebody pressed the button

    def shown(self, at: Member) -> str:
        """What the page of the node says about the signatures, read by a stranger; tags left out."""
        page = at.page(f"/r/{self.record}")
        found = re.search(r'<section class="signatures".*?</section>', page, re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found[0])).split()) if found else ""

    def sign(self, at: Member) -> None:
        """Read the text on the page, and say yes."""
        page = self.pages[at.name]
        page.goto(f"/r/{self.record}")
        page.get_by_role("link", name="Sign for this node").click()
        self._press(page, "Sign")

    def take_back(self, at: Member) -> None:
        page = self.pages[at.name]
        page.goto(f"/r/{self.record}")
        page.get_by_role("link", name="Take the signature back").click()
        self._press(page, "Take the signature back")

    def _press(self, page: Page, name: str) -> None:
        button = page.get_by_role("button", name=name, exact=True)
        expect(button).to_be_visible()
        self.since = time.monotonic()
        button.click()
        expect(page.locator(".signatures")).to_be_visible()

    def stands(self, what: str, *, by: Member, signed: Sequence[Member] = (), state: str = "Not in force") -> None:
        """Every node comes to say who has signed; *by*: whose step it was, which says so at once."""
        waiting = [one for one in self.nodes.members if one not in signed]
        says = f"{state} {said(signed, waiting)}"
        assert says in self.shown(by), self.shown(by)
        others = [one for one in self.nodes.members if one is not by]
        self.took.append((what, [seconds_until(partial(self.says, says, one), since=self.since) for one in others]))

    def says(self, words: str, at: Member) -> bool:
        return words in self.shown(at)


def said(signed: Sequence[Member], waiting: Sequence[Member]) -> str:
    if not waiting:
        return "Every party has signed this text."
    waits = f"it waits for {names(waiting)}."
    return f"This text is signed by {names(signed)}; {waits}" if signed else f"Nobody has signed this text yet; {waits}"


def names(members: Sequence[Member]) -> str:
    return ", ".join(sorted(f"Node of {one.name}" for one in members))


def agreement(parties: Federation, text: dict[str, list[str]]) -> dict[str, Any]:
    body = {"title": TITLE, "text": text, "parties": [record_of_node(one.id) for one in parties.members]}
    return {"kind": "agreement", "audience": "public", "body": body}


def test_agreement_its_assents_and_its_amendment_travel(three: Federation, browser: Browser) -> None:
    baku, astana, bishkek = three.members
    with keepers(browser, KEEPERS, three) as pages:
        since = time.monotonic()
        made = baku.ask("POST", "/api/records", agreement(three, TEXT))
        assert made.status == 201, made
        done = Round(three, pages, made.body["id"], since=since)
        done.stands("agreement", by=baku)
        done.sign(baku)
        done.stands("assent", by=baku, signed=[baku])
        done.sign(astana)
        done.stands("assent", by=astana, signed=[baku, astana])
        page_of_bishkek(done)

        done.take_back(baku)
        done.stands("withdrawal", by=baku, signed=[astana])
        assert all("Node of Baku taken back on" in done.shown(one) for one in three.members)
        done.sign(bishkek)
        done.stands("assent", by=bishkek, signed=[astana, bishkek])
        done.sign(baku)
        done.stands("in force", by=baku, signed=three.members, state="In force")

        amend(done, baku, astana)
        done.stands("amendment", by=baku, state="Version 1 is in force")
        for number, one in enumerate((bishkek, baku)):
            done.sign(one)
            done.stands("assent", by=one, signed=(bishkek, baku)[: number + 1], state="Version 1 is in force")
        done.sign(astana)
        done.stands("in force", by=astana, signed=three.members, state="In force")

    for what, seconds in done.took:
        print(f"{what:<12} visible after " + ", ".join(f"{one:.2f} s" for one in seconds))
    signatures_are_kept(done)
    print(f"{three.check()} changes at each of three nodes")


def amend(done: Round, baku: Member, astana: Member) -> None:
    """Baku writes another text; nobody else may."""
    path = f"/api/records/{done.record}"
    there = astana.ask("GET", path)
    assert astana.ask("PUT", path, agreement(done.nodes, AMENDED), etag=there.etag).status == 403
    here = baku.ask("GET", path)
    done.since = time.monotonic()
    assert baku.ask("PUT", path, agreement(done.nodes, AMENDED), etag=here.etag).status == 200


def page_of_bishkek(done: Round) -> None:
    """The keeper there sees who has signed, opens the signature of Astana, and finds whose it is and that its proof holds."""
    page = done.pages["Bishkek"]
    page.goto(f"/r/{done.record}")
    row = page.locator(".signatures tr", has_text="Node of Astana")
    expect(row.locator("time")).to_be_visible()
    row.get_by_role("link", name="signature").click()
    expect(page.locator(".record-origin")).to_contain_text("Node of Astana")
    expect(page.locator("main")).to_contain_text("Айгерім Сәрсен")
    expect(page.locator(".seal-broken")).to_have_count(0)
    expect(page.locator(".seal").first).to_be_visible()


def signatures_are_kept(done: Round) -> None:
    """Each yes is a change in the log of the node that gave it, to one digest, and the same at all three."""
    asked = "SELECT node, version, state FROM records_record WHERE kind = 'assent' ORDER BY node, id"
    found = [sorted(one.rows(asked)) for one in done.nodes.members]
    assert found[0] == found[1] == found[2]
    live = [node for node, _version, state in found[0] if state == "live"]
    assert sorted(live) == sorted([one.id for one in done.nodes.members] * 2)
