# SPDX-License-Identifier: Apache-2.0
"""The World Heritage list in: monuments with their protection."""

from pathlib import Path

from ortaq.doors.imports import unesco
from ortaq.doors.imports.item import START, Item
from ortaq.doors.imports.source import source_of

ROW = (
    "<row><category>Cultural</category><criteria_txt>(i)(iii)</criteria_txt><danger></danger>"
    "<date_inscribed>2003</date_inscribed><extension>0</extension><http_url>https://whc.unesco.org/en/list/1103</http_url>"
    "<id_number>1103</id_number><image_url>https://x/1.jpg</image_url><iso_code>kz,uz</iso_code><justification></justification>"
    "<latitude>43.29</latitude><location>Turkestan</location><longitude>68.27</longitude><revision>0</revision>"
    "<short_description>&lt;p&gt;One &lt;em&gt;two&lt;/em&gt;&#xa0;&amp;amp; three.&lt;/p&gt;&lt;p&gt;Four.&lt;/p&gt;</short_description>"
    "<site>Mausoleum of &lt;i&gt;Yasawi&lt;/i&gt;</site><states>Kazakhstan,Uzbekistan</states><transboundary>1</transboundary>"
    "<unique_number>1</unique_number></row>"
)


def items(tmp_path: Path, *rows: str) -> list[Item]:
    file = tmp_path / "whc.xml"
    file.write_text(f"<query>{''.join(rows)}</query>", encoding="utf-8")
    return list(unesco.read(source_of(file), START))


def test_row_becomes_a_monument(tmp_path: Path) -> None:
    [item] = items(tmp_path, ROW)

    assert item.draft is not None
    assert item.draft.kind == "monument"
    assert item.draft.body == {
        "source_id": "unesco:1103",
        "title": {"en": "Mausoleum of Yasawi"},
        "description": {"en": ["One two & three.\nFour."]},
        "countries": ["KZ", "UZ"],
        "point": {"lat": 43.29, "lon": 68.27},
        "types": ["term:unesco-cultural"],
        "protection": [
            {
                "list": "UNESCO World Heritage List",
                "level": "world",
                "number": "1103",
                "since": "2003",
                "criteria": "(i)(iii)",
            }
        ],
        "identifiers": [{"scheme": "unesco", "value": "1103"}],
        "sources": ["https://whc.unesco.org/en/list/1103"],
    }
    assert [draft.body["title"] for draft in item.also if draft.body] == [{"en": "Cultural heritage"}]


def test_what_has_no_field_is_reported_and_what_says_nothing_is_not(tmp_path: Path) -> None:
    [item] = items(tmp_path, ROW)

    assert {lost.path: lost.sample for lost in item.lost} == {
        "image_url": "https://x/1.jpg",
        "location": "Turkestan",
        "states": "Kazakhstan,Uzbekistan",
        "transboundary": "1",
        "unique_number": "1",
    }


def test_bad_row_is_refused_and_the_next_one_read(tmp_path: Path) -> None:
    rows = [
        ROW.replace("1103</id", "</id"),
        ROW.replace("43.29", "north"),
        ROW.replace("Mausoleum of &lt;i&gt;Yasawi&lt;/i&gt;", ""),
        ROW,
    ]

    assert [item.error.code if item.error else None for item in items(tmp_path, *rows)] == [
        "import.no-identifier", "import.bad-cell", "import.no-title", None,
    ]  # fmt: skip
