# SPDX-License-Identifier: Apache-2.0
"""What things are called in the reader's language: records, countries, languages, kinds."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ortaq.core.errors import UnknownKind
from ortaq.core.kind import Kind
from ortaq.language.fallback import LANGUAGES, choose
from ortaq.nodes.models import Node
from ortaq.people.models import Institution
from ortaq.records.models import Record
from ortaq.records.registry import KINDS

LanguageMap = Mapping[str, Sequence[str]]
_RIGHT_TO_LEFT = {"ar", "fa", "he", "ps", "ug", "ur"}
_NO_COUNTRY = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
_SCRIPTS = {"Cyrl", "Latn", "Arab"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A text with the tag of its language; is_other: it is not the language that the reader asked for."""

    text: str
    tag: str
    is_other: bool

    @property
    def direction(self) -> str:
        return direction_of(self.tag)


def reader_language() -> str:
    return (get_language() or "en").partition("-")[0]


def shown(texts: LanguageMap, lang: str | None = None) -> Shown | None:
    """Return the text of *texts* that suits the reader best."""
    lang = lang or reader_language()
    chosen = choose(texts, lang)
    if chosen is None:
        return None
    text, tag = chosen
    return Shown(text, tag, tag != "und" and tag != lang)


def title_map(record: Record) -> LanguageMap:
    """Return the titles of *record*; none if its row was damaged, which its history tells."""
    try:
        titles = orjson.loads(record.title)
    except orjson.JSONDecodeError:
        return {}
    is_sound = isinstance(titles, dict) and all(isinstance(texts, list) for texts in titles.values())
    return {tag: [str(text) for text in texts] for tag, texts in titles.items()} if is_sound else {}


def title_of(record: Record) -> Shown:
    """Return the title to show for *record*, or a sentence instead."""
    if record.is_hidden:
        return Shown(_("Not shown here"), reader_language(), False)
    return shown(title_map(record)) or Shown(_untitled(record.kind), reader_language(), False)


def _untitled(kind_name: str) -> str:
    """What names itself by what it is, such as an assent, or has lost its title."""
    kind = kind_of(kind_name)
    return _(kind.label) if kind and not kind.needs_title else _("Untitled")


def institution_name(institution: Institution) -> str:
    """Return what *institution* is called in the reader's language."""
    found = shown(institution.name)
    return found.text if found else institution.id


def node_name(node: Node) -> str:
    """Return what *node* is called in the reader's language."""
    found = shown(node.names)
    return found.text if found else node.name


def other_names(titles: LanguageMap, present: Shown) -> list[tuple[str, list[str]]]:
    """Return every name but the one shown, by language tag, those of our languages first."""
    order = list(LANGUAGES)
    tags = sorted(titles, key=lambda tag: (order.index(tag) if tag in order else len(order), tag))
    found = []
    for tag in tags:
        names = [name for name in titles[tag] if (tag, name) != (present.tag, present.text)]
        if names:
            found.append((tag, names))
    return found


def direction_of(tag: str) -> str:
    return "rtl" if tag.partition("-")[0] in _RIGHT_TO_LEFT or "-Arab" in tag else "ltr"


@functools.lru_cache(maxsize=2048)
def country_choices() -> list[tuple[str, str]]:
    """Return every country as (ISO 3166-1 code, name in the reader's language), by name."""
    known = Locale.parse(reader_language()).territories
    found = [
        (code, str(name))
        for code, name in known.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY
    ]
    return sorted(found, key=lambda pair: pair[1])


def country_name(code: str, lang: str) -> str:
    """Return the name of the ISO 3166-1 country *code* in *lang*; the code if there is none."""
    return str(Locale.parse(lang).territories.get(code, code))


@functools.lru_cache(maxsize=2048)
def language_name(tag: str) -> str:
    """Return what *tag*'s speakers call their language, with the script where it is not the usual one."""
    primary, _dash, rest = tag.partition("-")
    if primary == "und":
        return "—"
    name = LANGUAGES.get(primary) or _endonym(primary)
    script = rest.partition("-")[0]
    return f"{name} ({script_name(script, primary)})" if script in _SCRIPTS else name


def _endonym(primary: str) -> str:
    try:
        return str(Locale.parse(primary).get_display_name(primary) or primary)
    except (UnknownLocaleError, ValueError):
        return primary


def script_name(script: str, lang: str) -> str:
    try:
        return str(Locale.parse(lang).scripts.get(script, script))
    except (UnknownLocaleError, ValueError):
        return script


def kind_of(name: str) -> Kind | None:
    try:
        return KINDS[name]
    except UnknownKind:  # of a partner that knows more, or of a damaged row
        return None


def kind_label(name: str) -> str:
    kind = kind_of(name)
    return _(kind.label) if kind else name


def kind_plural(name: str) -> str:
    kind = kind_of(name)
    return _(kind.plural) if kind else name


def answering_kinds() -> list[str]:
    """The kinds that answer records, such as opinions: a panel shows them as threads, not as links."""
    return [kind.name for kind in KINDS if kind.bounded_by]
