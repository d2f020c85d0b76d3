# SPDX-License-Identifier: Apache-2.0
"""IIIF Presentation API 3.0: a record with its images as a manifest, with its names, facts and rights in every language that they have.

https://iiif.io/api/presentation/3.0/
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, override

from ortaq.core.errors import N_
from ortaq.core.fields import Role
from ortaq.core.identifiers import is_web_address, source_id_of_uri
from ortaq.core.kind import FieldSpec
from ortaq.doors.exports.described import Described, in_words
from ortaq.doors.iiif.images import PROFILE
from ortaq.files.dimensions import is_image
from ortaq.files.images.asked import fitted
from ortaq.files.models import StoredFile
from ortaq.files.queries import kept_files
from ortaq.nodes.models import Node
from ortaq.people.models import Institution
from ortaq.people.queries import institution_of_actor

CONTEXT: Final = "http://iiif.io/api/presentation/3/context.json"
THUMBNAIL: Final = 320
_NO_LANGUAGE: Final = ("und", "zxx", "mul")
# The rights that the specification takes; both name their statements by http, and answer to https.
_RIGHTS: Final = re.compile(
    r"https?://(?:www\.)?(creativecommons\.org/(?:licenses|publicdomain)/[\w./+-]+|rightsstatements\.org/(?:vocab|page)/[\w./-]+)\Z"
)
_SAID: Final = (Role.NAME, Role.PROSE, Role.WORD, Role.CHOICE, Role.SPAN, Role.DATE, Role.TERM, Role.REF, Role.GROUP)
_ELSEWHERE: Final = {"title", "description", "source_id", "rights", "licence", "sources", "change_note"}
_TYPES: Final = {"image": "Image", "video": "Video", "audio": "Sound", "text": "Text", "application": "Text", "model": "Model"}  # fmt: skip
Json = dict[str, Any]
Texts = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Picture:
    """An image of a record that is here."""

    digest: str
    name: str
    width: int
    height: int


def pictures_of(many: Iterable[Described]) -> dict[str, list[Picture]]:
    """Return the images of each record that are here, by its URI; one query."""
    found = {one.uri: _own_images(one) for one in many}
    rows = kept_files(file["digest"] for files in found.values() for file in files)
    return {uri: list(_pictures(files, rows)) for uri, files in found.items()}


def _own_images(one: Described) -> list[Mapping[str, Any]]:
    images = {file["digest"]: file for file in one.files() if is_image(str(file["media_type"]))}
    return [file for digest, file in images.items() if digest not in one.absent]


def _pictures(files: Iterable[Mapping[str, Any]], rows: Mapping[str, StoredFile]) -> Iterator[Picture]:
    for file in files:
        row = rows.get(file["digest"])
        if row is not None and row.width and row.height:
            yield Picture(row.digest, str(file["name"]), row.width, row.height)


def manifest(one: Described, pictures: Sequence[Picture]) -> Json:
    """Return the manifest of a record with at least one image."""
    here = address_of_manifest(one)
    found: Json = {
        "@context": CONTEXT,
        "id": here,
        "type": "Manifest",
        "label": label_of(one),
        "metadata": list(_metadata(one)),
        **_summary(one),
        **_rights(one),
        "provider": [_provider(one)],
        "homepage": [{"id": one.page, "type": "Text", "label": label_of(one), "format": "text/html"}],
        "seeAlso": list(_descriptions(one)),
        "thumbnail": [_thumbnail(one.base, pictures[0])],
    }
    if rendering := list(_others(one, pictures)):
        found["rendering"] = rendering
    return {**found, "items": [_canvas(one, picture) for picture in pictures]}


def entry(one: Described, pictures: Sequence[Picture]) -> Json:
    """Return the manifest as collections name it."""
    return {
        "id": address_of_manifest(one),
        "type": "Manifest",
        "label": label_of(one),
        "thumbnail": [_thumbnail(one.base, pictures[0])],
    }


def address_of_manifest(one: Described) -> str:
    return one.base + reverse("iiif-manifest", args=[source_id_of_uri(one.uri)])


def label_of(one: Described) -> Json:
    """Its names; where it has none, what it is."""
    return in_languages(one.names) or translated(one.kind.label)


def in_languages(texts: Texts) -> Json:
    """Return a language map as IIIF has it: what is in no known language is under `none`."""
    found: dict[str, list[str]] = {}
    for tag, said in texts.items():
        found.setdefault("none" if tag in _NO_LANGUAGE else tag, []).extend(said)
    return found


def translated(text: str) -> Json:
    """Return *text*, which the catalogues have, in every language of the interface."""
    found = {}
    for tag, _name in settings.LANGUAGES:
        with override(tag):
            found[tag] = [gettext(text)]
    return found


def _summary(one: Described) -> Json:
    texts: dict[str, list[str]] = {}
    for spec, tag, text in one.texts(Role.PROSE):
        if spec.name == "description":
            texts.setdefault(tag, []).append(text)
    return {"summary": in_languages(texts)} if texts else {}


def _metadata(one: Described) -> Iterator[Json]:
    yield {"label": translated(N_("Kind of record")), "value": translated(one.kind.label)}
    for spec in one.kind.fields:
        value = one.body.get(spec.name)
        is_said = spec.role in _SAID and spec.name not in _ELSEWHERE and value not in (None, [], {})
        if is_said and (said := _said(one, spec, value if isinstance(value, list) else [value])):
            yield {"label": translated(spec.label), "value": said}


def _said(one: Described, spec: FieldSpec, values: list[Any]) -> Json:
    found: dict[str, list[str]] = {}
    for value in values:
        for tag, texts in _one_said(one, spec, value).items():
            found.setdefault(tag, []).extend(texts)
    return found


def _one_said(one: Described, spec: FieldSpec, value: Any) -> Json:
    match spec.role:
        case Role.NAME | Role.PROSE:
            return in_languages(value)
        case Role.TERM | Role.REF:
            target = one.targets.get(value)
            return in_languages(target.names) if target else {}
        case Role.CHOICE:
            return translated(spec.choices[value]) if spec.choices and value in spec.choices else {"none": [str(value)]}
        case Role.GROUP:
            return {"en": [in_words(spec, value).partition(": ")[2]]} if spec.name != "identifiers" else {}
    return {"none": [str(value)]}


def _rights(one: Described) -> Json:
    """The licence where it is one of those that the specification knows; what else is said of rights has to be shown."""
    found: Json = {}
    said = [one.body["rights"]] if isinstance(one.body.get("rights"), str) else []
    if match := _RIGHTS.match(one.licence):
        found["rights"] = f"http://{match[1]}"
    elif one.licence:
        said.append(one.licence)
    if said:
        found["requiredStatement"] = {"label": translated(N_("Rights")), "value": {"none": said}}
    return found


def _provider(one: Described) -> Json:
    """Whose record it is: the institution, or the node."""
    node = Node.objects.filter(pk=one.record.node).first()
    local = institution_of_actor(one.record.author) if node is None or node.is_self else ""
    house = Institution.objects.filter(pk=local).first() if local else None
    if house is not None:
        return _agent(house.homepage or f"{one.base}/about#{house.id}", in_languages(house.name), house.homepage)
    names = in_languages({tag: [name] for tag, name in (node.names if node else {}).items()})
    address = node.address if node and not node.is_self and is_web_address(node.address) else f"{one.base}/about"
    return _agent(address, names or {"none": [node.name if node else one.record.node]}, address)


def _agent(id_: str, label: Json, homepage: str) -> Json:
    found: Json = {"id": id_, "type": "Agent", "label": label}
    if homepage:
        found["homepage"] = [{"id": homepage, "type": "Text", "label": label, "format": "text/html"}]
    return found


def _descriptions(one: Described) -> Iterator[Json]:
    yield {"id": f"{one.page}.json", "type": "Dataset", "label": {"none": ["JSON"]}, "format": "application/json"}
    yield {"id": f"{one.page}.jsonl", "type": "Dataset", "label": {"none": ["JSON Lines"]}, "format": "application/jsonl"}  # fmt: skip


def _others(one: Described, pictures: Sequence[Picture]) -> Iterator[Json]:
    """The files that no viewer of images shows, for saving."""
    shown = {picture.digest for picture in pictures}
    for file in one.files():
        address = one.address_of_file(file)
        if address and file["digest"] not in shown:
            sort = _TYPES.get(str(file["media_type"]).partition("/")[0], "Dataset")
            yield {"id": address, "type": sort, "label": {"none": [str(file["name"])]}, "format": str(file["media_type"])}  # fmt: skip


def _canvas(one: Described, picture: Picture) -> Json:
    id_ = f"{one.page}/canvas/{picture.digest}"
    shown = {
        "id": f"{id_}/image",
        "type": "Annotation",
        "motivation": "painting",
        "body": {
            **_image(one.base, picture, *fitted_down(picture, picture.width)),
            "width": picture.width,
            "height": picture.height,
        },
        "target": id_,
    }
    return {
        "id": id_,
        "type": "Canvas",
        "label": {"none": [picture.name]},
        "width": picture.width,
        "height": picture.height,
        "thumbnail": [_thumbnail(one.base, picture)],
        "items": [{"id": f"{id_}/page", "type": "AnnotationPage", "items": [shown]}],
    }


def _thumbnail(base: str, picture: Picture) -> Json:
    return _image(base, picture, *fitted_down(picture, THUMBNAIL))


def fitted_down(picture: Picture, side: int) -> tuple[int, int]:
    """Return the largest size of its shape within *side* × *side* that is no enlargement."""
    return fitted(picture.width, picture.height, min(side, picture.width), min(side, picture.height))


def _image(base: str, picture: Picture, width: int, height: int) -> Json:
    service = f"{base}{reverse('iiif-image', args=[picture.digest])}"
    is_whole = (width, height) == fitted_down(picture, max(picture.width, picture.height))
    size = "max" if is_whole else f"{width},{height}"
    return {
        "id": f"{service}/full/{size}/0/default.jpg",
        "type": "Image",
        "format": "image/jpeg",
        "width": width,
        "height": height,
        "service": [{"id": service, "type": "ImageService3", "profile": PROFILE}],
    }
