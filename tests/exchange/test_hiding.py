# SPDX-License-Identifier: Apache-2.0
"""What Baku hides on its own pages of what Astana has said: the others show the words and say so."""

import time
from typing import Any

from tests.exchange.members import Federation, Member, seconds_until

WORDS = "Қолбасшының сөзіне сенуге болмайды."


def test_hiding_travels_with_its_reason_and_is_undone(three: Federation) -> None:
    baku, astana, bishkek = three.members
    body = {"title": {"az": ["Qız qalası"]}}
    made = baku.ask("POST", "/api/records", {"kind": "monument", "audience": "public", "body": body}).body["id"]
    since = time.monotonic()
    seconds_until(lambda: astana.ask("GET", f"/api/records/{made}").status == 200, since=since)
    given = {"motivation": "comment", "lang": "kk", "text": WORDS}
    opinion = astana.ask("POST", f"/api/records/{made}/opinions", given).body["id"]
    since = time.monotonic()
    seconds_until(lambda: all(_said(one, made) == [(WORDS, None)] for one in three.members), since=since)

    why = {"reason": "off_topic", "lang": "az", "note": "Abidəyə aid deyil."}
    assert astana.ask("POST", f"/api/records/{opinion}/hiding", why).status == 403  # its own words, of another's record
    assert bishkek.ask("POST", f"/api/records/{opinion}/hiding", why).status == 403
    assert baku.ask("POST", f"/api/records/{opinion}/hiding", why).status == 201
    since = time.monotonic()
    assert _said(baku, made) == [(None, why["note"])]
    took = [
        seconds_until(lambda one=one: _said(one, made) == [(WORDS, why["note"])], since=since)  # type: ignore[misc]
        for one in (astana, bishkek)
    ]
    print("hiding       visible after " + ", ".join(f"{one:.2f} s" for one in took))

    assert baku.ask("DELETE", f"/api/records/{opinion}/hiding").status == 204
    since = time.monotonic()
    seconds_until(lambda: all(_said(one, made) == [(WORDS, None)] for one in three.members), since=since)
    three.check()


def _said(at: Member, record: str) -> list[tuple[Any, Any]]:
    """(text, note of the hiding) of the opinions on a record as a node shows them."""
    said = at.ask("GET", f"/api/records/{record}/opinions").body.get("opinions", [])
    return [((one["opinion"]["body"] or {}).get("text"), (one["hiding"] or {}).get("note")) for one in said]
