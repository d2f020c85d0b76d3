# SPDX-License-Identifier: Apache-2.0
"""IIIF in: a manifest of either version becomes an object, and odd values take nothing down."""

import json
from pathlib import Path
from typing import Any

import pytest

from ortaq.doors.imports import iiif
from ortaq.doors.imports.formats import format_of
from ortaq.doors.imports.item import START, Item
from ortaq.doors.imports.source import source_of

V3: dict[str, Any] = {
    "@context": "http://iiif.io/api/presentation/3/context.json", "id": "https://x.example/m.json", "type": "Manifest",
    "label": {"az": ["Xəritə"], "none": ["1"]}, "summary": {"ru": ["<p>Карта &amp; план</p>"]}, "navDate": "1856-01-01T00:00:00Z",
    "metadata": [{"label": {"en": ["Author"], "az": ["Müəllif"]}, "value": {"az": ["Əli", "Vəli"]}}],
    "requiredStatement": {"label": {"en": ["Attribution"]}, "value": {"en": ["Muzey"]}},
    "rights": "http://creativecommons.org/licenses/by/4.0/",
    "provider": [{"id": "https://x.example/us", "type": "Agent", "label": {"az": ["Muzey"]}, "homepage": [{"id": "https://x.example/", "type": "Text"}]}],
    "partOf": [{"id": "https://x.example/all.json", "type": "Collection", "label": {"az": ["Hamısı"]}}],
    "structures": [{"type": "Range", "id": "r", "label": {"az": ["Fəsillər"]}, "items": [{"type": "Range", "id": "r1", "label": {"az": ["Bir"]}}]}],
    "items": [{"id": "c", "type": "Canvas", "height": 10, "width": 10, "items": [{"type": "AnnotationPage", "id": "p", "items": [
        {"id": "a", "type": "Annotation", "motivation": "painting", "target": "c", "body": {"id": "https://x.example/1.jpg", "type": "Image"}}]}]}],
}  # fmt: skip
V2: dict[str, Any] = {
    "@context": "http://iiif.io/api/presentation/2/context.json", "@id": "https://x.example/2.json", "@type": "sc:Manifest",
    "label": [{"@value": "Xəritə", "@language": "az"}, {"@value": "Карта", "@language": "ru"}], "description": "Plan", "attribution": "Muzey",
    "sequences": [{"canvases": [{"images": [{"motivation": "sc:painting", "resource": {"@id": "https://x.example/1.png", "@type": "dctypes:Image"}}]}]}],
}  # fmt: skip


def items(tmp_path: Path, *documents: Any) -> list[Item]:
    file = tmp_path / "data.json"
    file.write_text(json.dumps(list(documents)))
    return list(iiif.read(source_of(file), START))


def test_manifest_becomes_an_object_with_its_words_and_images(home: Path, tmp_path: Path) -> None:
    [found] = items(tmp_path, V3)

    assert found.draft and found.draft.body == {
        "source_id": "object:https://x.example/m.json",
        "title": {"az": ["Xəritə"], "und": ["1"]},
        "description": {"ru": ["Карта & план"], "az": ["Müəllif: Əli, Vəli", "Fəsillər\nBir"]},
        "rights": "Muzey; http://creativecommons.org/licenses/by/4.0/",
        "made": "1856-01-01",
        "links": [
            {"role": "published_by", "to": "agent:https://x.example/us"},
            {"role": "part_of", "to": f"{iiif.kind_of('Collection')}:https://x.example/all.json"},
        ],
        "images": ["https://x.example/1.jpg"],
    }
    agent = next(one.body for one in found.named if one.kind == "agent")
    assert agent and agent["website"] == "https://x.example/"
    assert {"items/height", "items/id", "requiredStatement/label/en", "structures/id"} <= {
        one.path for one in found.lost
    }


def test_manifest_of_version_2_comes_in_too(home: Path, tmp_path: Path) -> None:
    [found] = items(tmp_path, V2)

    body = dict(found.draft.body or {}) if found.draft else {}
    assert body["title"] == {"az": ["Xəritə"], "ru": ["Карта"]}
    assert (body["images"], body["rights"], body["description"]) == (
        ["https://x.example/1.png"],
        "Muzey",
        {"und": ["Plan"]},
    )


def test_format_is_known_by_its_context(tmp_path: Path) -> None:
    file = tmp_path / "data.json"
    file.write_text(json.dumps(V3))
    assert format_of(source_of(file)) == "iiif"


def test_odd_values_take_nothing_down(home: Path, tmp_path: Path) -> None:
    odd = [None, True, 7, "x", [], {}, [[]], [None, "x", {"type": "Canvas"}], {"en": 7}, {"en": [None, {"a": 1}]}]
    documents = [{**V3, name: value} for name in V3 if name not in ("type",) for value in odd]

    assert [one.error for one in items(tmp_path, *documents)] == [None] * len(documents)


@pytest.mark.parametrize("document", [{"type": "Canvas"}, {"type": 7}, {}])
def test_other_documents_are_refused(home: Path, tmp_path: Path, document: dict[str, Any]) -> None:
    [found] = items(tmp_path, document)
    assert found.error and found.error.code == "import.unknown-class"
