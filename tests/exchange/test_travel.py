# SPDX-License-Identifier: Apache-2.0
"""What one node signs stands at the others within seconds, and is the same there, also for a verifier that is not ours."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.exchange.members import Answer, Federation, Member, seconds_until
from tests.exchange.verifying import check_by_another_verifier

Seconds = dict[str, list[float]]


def said_about(record: str, at: Member) -> list[tuple[str, str | None]]:
    """(URI, text) of the opinions on a record as a node shows them; an empty URI where only the answers to one are left."""
    given = at.ask("GET", f"/api/records/{record}/opinions").body.get("opinions", [])
    return [
        ((one["opinion"] or {}).get("uri", ""), ((one["opinion"] or {}).get("body") or {}).get("text")) for one in given
    ]


def written(answer: Answer) -> dict[str, Any]:
    assert answer.status in (200, 201), answer
    return dict(answer.body)


def test_record_opinion_reply_revision_and_withdrawal_travel(three: Federation, tmp_path: Path) -> None:
    baku, astana, bishkek = three.members
    took: Seconds = {}

    def came(what: str, is_so: Callable[[Member], bool], *where: Member) -> None:
        since = time.monotonic()
        took[what] = [seconds_until(partial(is_so, at), since=since) for at in where]

    def has(text: str) -> Callable[[Member], bool]:
        return lambda at: text in [words for _uri, words in said_about(record, at)]

    title = {"az": ["Şirvanşahlar sarayı"]}
    record = written(
        baku.ask("POST", "/api/records", {"kind": "monument", "audience": "public", "body": {"title": title}})
    )["id"]
    came("record", lambda at: at.ask("GET", f"/api/records/{record}").status == 200, astana, bishkek)

    opinion = written(_given(astana, record, "assess", "Қабырғалар ылғалдан бүлініп жатыр."))
    came("opinion", has("Қабырғалар ылғалдан бүлініп жатыр."), baku, bishkek)

    _given(baku, record, "reply", "Divarlar bu il qurudulacaq.", reply_to=opinion["uri"])
    came("reply", has("Divarlar bu il qurudulacaq."), astana, bishkek)
    assert said_about(record, baku) == said_about(record, astana) == said_about(record, bishkek)

    here = astana.ask("GET", f"/api/records/{opinion['id']}")
    revision, body = (
        {"kind": "opinion", "audience": "public"},
        {**here.body["body"], "text": "Қабырғалардың солтүстігі ылғалдан бүлініп жатыр."},
    )
    written(astana.ask("PUT", f"/api/records/{opinion['id']}", {**revision, "body": body}, etag=here.etag))
    came("revision", has("Қабырғалардың солтүстігі ылғалдан бүлініп жатыр."), baku, bishkek)

    etag = astana.ask("GET", f"/api/records/{opinion['id']}").etag
    assert astana.ask("DELETE", f"/api/records/{opinion['id']}", etag=etag).status in (200, 204)
    came("withdrawal", lambda at: at.ask("GET", f"/api/records/{opinion['id']}").status == 410, baku, bishkek)
    assert said_about(record, baku) == said_about(record, astana) == said_about(record, bishkek)
    assert said_about(record, bishkek)[0][0] == ""  # withdrawn, but answered

    for what, seconds in took.items():
        print(f"{what:<12} visible after " + ", ".join(f"{one:.2f} s" for one in seconds))
    count = three.check()
    print(f"{count} changes at each of three nodes")
    for one in three.members:
        check_by_another_verifier(one, tmp_path, count)


def _given(at: Member, record: str, motivation: str, text: str, **more: str) -> Answer:
    words = {"motivation": motivation, "lang": "az" if at.name == "Baku" else "kk", "text": text}
    return at.ask("POST", f"/api/records/{record}/opinions", {**words, **more})
