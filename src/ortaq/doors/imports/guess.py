# SPDX-License-Identifier: Apache-2.0
"""A first mapping for a table, from its header in any of the eight languages and from its first rows. It is shown, never just used."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from ortaq.core.kind import Kind
from ortaq.doors.imports.errors import NotGuessed
from ortaq.doors.imports.mapping import Columns, fits
from ortaq.doors.imports.source import Source
from ortaq.doors.imports.table import layout_of, rows
from ortaq.language.detection import DETECTABLE, detect
from ortaq.language.keys import phonemic_key
from ortaq.records.registry import KINDS

_ROWS = 200
_BETWEEN = "|"
_SURE = 0.9
# What a column may be called: in en, az, tr, kk, ky, uz, tk, ru. Compared by key, so that spelling and script do not matter.
_WORDS = {
    "source_id": "id, identifier, resourceid, record id, source id, kod, kodu, kimlik, код, идентификатор, ид, нөмірі, raqam id, belgi",
    "title": "name, title, label, ad, adı, adları, isim, başlıq, başlık, атауы, аты, аталышы, аталыш, nomi, nom, sarlavha, ady, at, "
    "название, наименование, имя, заголовок, heritage asset name, people name, person name, full name, person forename, person last name, last name, surname, family name, organisation name, eser adı, abidənin adı",
    "description": "description, note, notes, summary, abstract, təsvir, təsviri, açıklama, tanım, açıqlama, сипаттама, сипаттамасы, "
    "сүрөттөмө, сыпаттама, tavsif, tavsifi, izoh, beýany, düşündiriş, описание, примечание",
    "point.lat": "lat, latitude, y, enlem, enlik, en dairəsi, ендік, кеңдик, kenglik, kenglik shimoliy, giňlik, широта",
    "point.lon": "lon, lng, long, longitude, x, boylam, uzunluq, uzunluq dairəsi, бойлық, узундук, uzunlik, uzaklyk, долгота",
    "point": "point, wkt, geometry, coordinates, koordinatlar, координаты, wmt, nokta, нүкте",
    "kind": "kind, record kind, növ, tür, вид записи",
    "types": "type, category, tipi, növü, türü, түрі, түрү, turi, görnüşi, тип, категория",
    "materials": "material, materials, malzeme, материал, материалы",
    "countries": "country, country code, countrycode, iso, ölkə, ülke, ел, өлкө, mamlakat, ýurt, страна, код страны",
    "population": "population, əhali, nüfus, халық саны, калк саны, aholi, ilat, население",
    "built": "built, year, year built, tarix, il, ili, tikilmə ili, yıl, yapım yılı, жылы, салынған жылы, курулган жылы, yil, yili, ýyl, год, год постройки, дата",
    "made": "made, date made, production date, hazırlanma tarixi, yapım tarihi, жасалған жылы, дата создания, год создания",
    "number": "number, inventory number, inv no, inventar nömrəsi, envanter no, инвентарный номер, инв номер, түгендеу нөмірі",
    "sources": "source, sources, reference, url, link, mənbə, kaynak, дереккөз, булак, manba, çeşme, источник, ссылка",
    "rights": "rights, licence, license, hüquqlar, haklar, құқықтар, укуктар, huquqlar, hukuklar, права, лицензия",
    "areas": "area, areas, sahə, alan, сала, тармак, soha, ulgam, область",
    "audience": "audience, auditoriya",
}
_LANGUAGE_MARK = re.compile(r"(.*?)[\s_:.\-/(\[]+([A-Za-z]{2})(?:[_-](Cyrl|Latn))?[)\]]?\s*\Z")
_KEYS = {phonemic_key(word.strip()): field for field, words in _WORDS.items() for word in words.split(",")}


# What a file of agents may be named after.
_PEOPLE = {phonemic_key(word) for word in ("actor", "actors", "person", "persons", "people")}
_BODIES = {
    phonemic_key(word) for word in ("organization", "organizations", "organisation", "organisations", "institutions")
}


def guessed_mapping(source: Source) -> Columns:
    """Return a mapping for *source*; raises NotGuessed where no column can be the title."""
    layout = layout_of(source)
    cells = [row.cells for row in islice((row for row in rows(source, layout) if row.error is None), _ROWS)]
    targets = dict(_targets(layout.header, cells))
    if len({"point.lat", "point.lon"} & set(targets.values())) == 1:
        targets = {name: target for name, target in targets.items() if not target.startswith("point.")}
    words = _words_of(source.path.stem)
    kind = _kind(targets, words)
    if kind is None:
        raise NotGuessed(file=source.path, columns=", ".join(layout.header)[:300])
    columns = {name: target if (target := targets.get(name)) and fits(kind, target) else None for name in layout.header}
    terms = {
        name: f"{kind.name}_{target}"
        for name, target in columns.items()
        if target in ("types", "materials") and name != target
    }
    split = {
        name: _BETWEEN
        for index, name in enumerate(layout.header)
        if columns[name] and any(f" {_BETWEEN} " in row[index] for row in cells)
    }
    prefix = re.sub(r"[^\w]+", "-", source.path.name.partition(".")[0]).strip("-")
    has_own_ids = "source_id" in layout.header
    constants = {} if kind.name != "agent" or "agent_type" in targets.values() else {"agent_type": _agent_type(words)}
    return Columns(kind.name, columns, "" if has_own_ids else f"{prefix}:", constants, split, terms=terms)


def _targets(header: Sequence[str], cells: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Yield (column, what it goes to) for the columns that are understood; a field that holds one value is given once."""
    given: set[str] = set()
    for index, name in enumerate(header):
        if any(fits(kind, name) for kind in KINDS):
            yield name, name
            continue
        column, tag = _without_language(name)
        field = _KEYS.get(phonemic_key(column))
        if field is None or not any(row[index].strip() for row in cells):
            continue
        target = (
            f"{field}.{tag or _language_of([row[index] for row in cells])}"
            if field in ("title", "description")
            else field
        )
        if target not in given or field in ("title", "description"):
            given.add(target)
            yield name, target


def _without_language(name: str) -> tuple[str, str | None]:
    """Split "name_az" or "Название (ru)" into the word and the language."""
    match = _LANGUAGE_MARK.match(name)
    if match:
        tag = match[2].lower() + (f"-{match[3]}" if match[3] else "")  # ascii: language code
        if tag in DETECTABLE or tag in ("uz", "az", "tk"):
            return match[1], tag
    return name, None


def _language_of(texts: Sequence[str]) -> str:
    """Return the language of a column if it is beyond doubt; und otherwise."""
    together = " ".join(texts)[:5000]
    found = detect(together)
    return found.lang if found.lang and found.certainty >= _SURE and len(together) > 100 else "und"


def _words_of(file_name: str) -> set[str]:
    return {phonemic_key(word) for word in re.split(r"[\W_]+", file_name) if word}


def _agent_type(words: set[str]) -> str:
    return "institution" if words & _BODIES else "person"


def _kind(targets: dict[str, str], words: set[str]) -> Kind | None:
    """Return the kind that the file is named after, or else has a place for most columns; it asks for nothing that is not there."""
    fields = {target.partition(".")[0] for target in targets.values()}
    if words & (_PEOPLE | _BODIES) and "title" in fields:
        return KINDS["agent"]
    possible = [kind for kind in KINDS if all(spec.name in fields for spec in kind.fields if spec.is_required)]
    if "title" not in fields or not possible:
        return None
    named = [kind for kind in possible if words & {phonemic_key(kind.name), phonemic_key(kind.name + "s")}]
    return max(named or possible, key=lambda kind: sum(fits(kind, target) for target in targets.values()))
