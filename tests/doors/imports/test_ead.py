# SPDX-License-Identifier: Apache-2.0
"""EAD in: what an archive says of a fonds and its parts, with the people, places and subjects that it names."""

from pathlib import Path

import pytest

from ortaq.core.errors import OrtaqError
from ortaq.doors.imports import ead
from ortaq.doors.imports.formats import format_of
from ortaq.doors.imports.item import START, Item
from ortaq.doors.imports.source import source_of

AID = """<ead xmlns="urn:isbn:1-931666-22-9" xmlns:xlink="http://www.w3.org/1999/xlink" xml:lang="aze">
<eadheader><eadid>AZ-1</eadid><filedesc><titlestmt><titleproper>Siyahı</titleproper></titlestmt></filedesc></eadheader>
<archdesc level="fonds"><did><unittitle>Şəxsi <emph>fond</emph> sənədləri</unittitle><unitid repositorycode="AZ-DA">F.12</unitid>
<unitdate normal="1890/1920">XIX əsrin sonu</unitdate><langmaterial>Dil: <language langcode="rus">rus</language></langmaterial>
<origination><persname authfilenumber="https://d-nb.info/gnd/118">Axundov</persname></origination><repository><corpname>Dövlət Arxivi</corpname></repository>
<physdesc><extent>3 qutu</extent></physdesc></did>
<bioghist><head>Tarixçə</head><p>Bir.</p><p>İki <title>kitab</title> var.</p></bioghist>
<controlaccess><subject source="lcsh">Theatre</subject><geogname>Şuşa</geogname><persname>Vəli</persname></controlaccess>
<dsc><c level="file" id="x1"><did><unittitle>Məktublar</unittitle><unitdate>1901-1903</unitdate><dao xlink:href="https://x.example/1"/></did>
<c level="item"><did><unittitle>Məktub</unittitle><unitdate>bilinmir</unitdate></did></c></c>
<c level="item"><did><unitid>7</unitid></did></c></dsc></archdesc></ead>"""


def items(tmp_path: Path, text: str) -> list[Item]:
    file = tmp_path / "aid.xml"
    file.write_text(text)
    assert format_of(source_of(file)) == "ead"
    return list(ead.read(source_of(file), START))


def test_whole_and_components_come_in(tmp_path: Path) -> None:
    whole, letters, letter, untitled = items(tmp_path, AID)

    assert whole.draft and whole.draft.body == {
        "source_id": "ead:AZ-1",
        "title": {"az": ["Şəxsi fond sənədləri"]},
        "types": ["term:ead-level:fonds"],
        "created": "1890/1920",
        "languages": ["ru"],
        "description": {"az": ["Tarixçə: Bir.\nİki kitab var.", "Physical description: 3 qutu"]},
        "links": [
            {"role": "created_by", "to": "agent:https://d-nb.info/gnd/118"},
            {"role": "kept_by", "to": "agent:ead:AZ-1:Dövlət Arxivi"},
            {"role": "about", "to": "term:ead:AZ-1:lcsh:Theatre"},
            {"role": "about", "to": "place:ead:AZ-1:Şuşa"},
            {"role": "about", "to": "agent:ead:AZ-1:Vəli"},
        ],
        "identifiers": [{"scheme": "AZ-DA", "value": "F.12"}, {"scheme": "ead", "value": "AZ-1"}],
        "sources": ["Siyahı"],
    }
    assert letters.draft and (letters.draft.body or {})["source_id"] == "ead:AZ-1:x1"
    assert (letters.draft.body or {})["created"] == "1901/1903"
    assert (letters.draft.body or {})["sources"] == ["https://x.example/1"]
    assert letter.draft and (letter.draft.body or {})["links"] == [{"role": "part_of", "to": "ead:AZ-1:x1"}]
    assert [(one.path, one.sample) for one in letter.lost] == [("did/unitdate", "bilinmir"), ("did/unitid", "1.1")]
    assert untitled.error and untitled.error.code == "import.no-title"


def test_document_type_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OrtaqError) as found:
        items(tmp_path, '<!DOCTYPE ead [<!ENTITY a "x">]>' + AID)
    assert found.value.code == "import.xml-forbidden"
