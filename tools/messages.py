# SPDX-License-Identifier: Apache-2.0
"""Translations without GNU gettext: `messages.py update` collects the texts of code and templates into the
.po files, `messages.py compile` makes the .mo files that Django reads, `messages.py missing` lists what to translate.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent / "src/ortaq"
LOCALE = PACKAGE / "locale"
LANGUAGES = ("az", "kk", "ru")  # of the interface, beside English, which the texts are written in

# gettext functions and where their texts stand; N_ marks a text that is translated later (core has no Django).
KEYWORDS: dict[str, Any] = {
    "_": None, "N_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3), "npgettext_lazy": ((1, "c"), 2, 3),
}  # fmt: skip
Text = str | tuple[str, ...]


def extracted() -> Catalog:
    """Every text of the package that is shown to people, with the places where it stands."""
    catalog = Catalog(charset="utf-8")
    for path in sorted(
        [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("templates/**/*.html"), *PACKAGE.rglob("templates/**/*.txt")]
    ):
        source = path.read_text(encoding="utf-8")
        code = source if path.suffix == ".py" else as_code(source, path)
        for line, context, text in texts_of(code):
            catalog.add(text, context=context, locations=[(str(path.relative_to(PACKAGE)), line)])
    return catalog


def as_code(template: str, path: Path) -> str:
    """A Django template as lines of Python that call gettext, one line for each line of the template."""
    if not settings.configured:
        settings.configure()
    return "\n".join(line.lstrip() for line in templatize(template, origin=str(path)).split("\n"))


def texts_of(code: str) -> Iterator[tuple[int, str | None, Text]]:
    """(line, context, text) of each gettext call in *code*; a text with a plural is a pair."""
    for line, function, found, _comments in extract_python(io.BytesIO(code.encode()), KEYWORDS, [], {}):
        arguments: list[Any] = list(found) if isinstance(found, tuple | list) else [found]
        places = KEYWORDS[str(function)] or (1,)
        context = next((arguments[place[0] - 1] for place in places if isinstance(place, tuple)), None)
        text = tuple(arguments[place - 1] for place in places if isinstance(place, int) and place <= len(arguments))
        if text and all(text):
            yield line, context, text if len(text) > 1 else text[0]


def catalog_of(language: str) -> Catalog:
    """The translations into *language* as they stand in its .po file."""
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def po_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES/django.po"


def update() -> None:
    """Bring each .po file up to the texts of the package: new ones empty, gone ones left out."""
    template = extracted()
    for language in LANGUAGES:
        catalog = catalog_of(language)
        catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        po_path(language).parent.mkdir(parents=True, exist_ok=True)
        with po_path(language).open("wb") as file:
            write_po(file, catalog, width=120, include_lineno=False, sort_output=True, omit_header=False)


def compile_all() -> None:
    """Write the .mo file beside each .po file."""
    for path in LOCALE.glob("*/LC_MESSAGES/*.po"):
        with path.open("rb") as source, path.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(source))


def missing() -> list[str]:
    """What stands between the texts of the package and complete translations, one line each."""
    template = extracted()
    return [line for language in LANGUAGES for line in missing_in(catalog_of(language), template, language)]


def missing_in(catalog: Catalog, template: Catalog, language: str) -> Iterator[str]:
    """The same for one *language*."""
    for message in template:
        if not message.id:
            continue
        translated = catalog.get(message.id, message.context)
        if translated is None or not all(texts(translated.string)):
            yield f"{language}: not translated: {first(message.id)!r} ({message.locations[0][0]})"
        elif wrong := placeholder_fault(message, translated):
            yield f"{language}: {wrong}: {first(message.id)!r} → {first(translated.string)!r}"


def placeholder_fault(message: Message, translated: Message) -> str:
    """What is wrong with the placeholders of a translation; empty if nothing.

    Each form of a plural may leave out its number ("one record"), but none may name what the text does not have.
    """
    wanted = {name for text in texts(message.id) for name in placeholders(text)}
    for form in texts(translated.string):
        found = set(placeholders(form))
        if found - wanted:
            return f"unknown placeholder {', '.join(sorted(found - wanted))}"
        if found != wanted and len(texts(message.id)) == 1:
            return f"placeholder {', '.join(sorted(wanted - found))} is left out"
    return ""


def placeholders(text: str) -> list[str]:
    """The named placeholders of *text*: %(name)s and {name}."""
    return re.findall(r"%\(\w+\)[sd]|\{\w+\}", text)


def texts(value: Text | list[str] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ("",))


def first(value: Text | list[str] | None) -> str:
    return texts(value)[0]


def main(arguments: list[str]) -> int:
    """Do what the one argument says; the exit code."""
    match arguments:
        case ["update"]:
            update()
        case ["compile"]:
            compile_all()
        case ["missing"]:
            lines = missing()
            print("\n".join(lines) or "every text is translated")
            return 1 if lines else 0
        case _:
            print("usage: python tools/messages.py update|compile|missing", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
