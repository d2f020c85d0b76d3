# SPDX-License-Identifier: Apache-2.0
"""The fields of the index, and the fingerprint of all that decides what stands in them."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

import tantivy

from ortaq import language
from ortaq.core import outline

# How many letters of a key inflected forms share: the roots of Turkic words are about this long.
STEM: Final = 5
FACETS: Final = ("kind", "country", "language", "area", "period")


@cache
def schema() -> tantivy.Schema:
    """Return the schema.

    id, version     of the record
    audience        token; named partners as one
    kind … period   facets; years: terms of years.py
    like, name      features of all names; their words
    shape           what else these words may be written like; whole names
    stem, text      beginnings of all words; words of prose
    key             stored key1 of each name, for comparing
    position        stored in the one document that has `meta`
    """
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_integer_field("version", fast=True)
    builder.add_text_field("audience", tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("years", "shape", "stem"):
        builder.add_text_field(name, tokenizer_name="spaced", index_option="basic")
    for name in ("like", "name", "text"):
        builder.add_text_field(name, tokenizer_name="spaced", index_option="freq")
    builder.add_float_field("lat", fast=True)
    builder.add_float_field("lon", fast=True)
    builder.add_text_field("key", tokenizer_name="raw", index_option="basic", stored=True)
    builder.add_text_field("meta", tokenizer_name="raw", index_option="basic", stored=True)
    builder.add_integer_field("position", stored=True, fast=True)
    return builder.build()


def open_index(folder: Path) -> tantivy.Index:
    """Open the index in *folder*, or make an empty one; raises ValueError or OSError where it is damaged."""
    folder.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(schema(), str(folder))
    index.register_tokenizer("spaced", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    index.config_reader("manual")
    return index


@cache
def fingerprint() -> str:
    """Return what names the index of this release: a change of the keys or of the fields makes another index."""
    here = Path(__file__).parent
    sources = [*(here / f"{name}.py" for name in ("schema", "document", "terms", "years")), Path(outline.__file__)]
    sources += sorted(Path(next(iter(language.__path__))).glob("*.py"))
    digest = hashlib.sha256(version("tantivy").encode())
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]
