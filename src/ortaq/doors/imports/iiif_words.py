# SPDX-License-Identifier: Apache-2.0
"""Texts in IIIF documents: language maps of version 3, and whatever version 2 has in their place."""

from collections.abc import Iterable, Iterator
from typing import Any

import nh3

from ortaq.doors.imports.leaves import Leaves, Node
from ortaq.doors.imports.tags import language_tag

Map = dict[str, list[str]]
_NONE = ("none", "@none", "")


class Words:
    """Takes them, and notes which were taken."""

    def __init__(self, leaves: Leaves) -> None:
        self._leaves = leaves

    @staticmethod
    def tag(written: str) -> str:
        return "und" if written in _NONE else language_tag(written)

    def of(self, node: Node, name: str) -> Map:
        """Return the texts under *name*, without markup."""
        found: Map = {}
        for tag, text in self._texts(node, name):
            plain = " ".join(nh3.clean(text, tags=set()).split()) if "<" in text else text
            if plain and plain not in found.setdefault(tag, []):
                found[tag].append(_without_entities(plain))
        return {tag: texts for tag, texts in found.items() if texts}

    def pair(self, node: Node) -> Map:
        """Return a label with its value as lines: "Date: 1860", each in the language of the value."""
        labels, values = self.of(node, "label"), self.of(node, "value")
        used = {tag: (labels.get(tag) or [first(labels)])[0] for tag in values}
        self._forget_unused(node.get("label"), set(used.values()))
        return {tag: [f"{used[tag]}: {', '.join(texts)}"] for tag, texts in values.items()}

    def _forget_unused(self, label: Any, used: set[str]) -> None:
        """A label in a language that the value has not stands in no line."""
        for texts in label.values() if isinstance(label, dict) else ():
            for at, text in enumerate(texts if isinstance(texts, list) else ()):
                if text not in used:
                    self._leaves.forget(texts, at)

    def _texts(self, node: Node, name: str) -> Iterator[tuple[str, str]]:
        found = node.get(name)
        if isinstance(found, dict) and "@value" not in found:
            for tag in found:
                yield from ((self.tag(tag), text) for _lang, text in self._texts(found, tag))
        elif isinstance(found, dict):
            yield self._valued(found)
        elif isinstance(found, list):
            for at, one in enumerate(found):
                yield self._valued(one) if isinstance(one, dict) else ("und", self._leaves.text(found, at))
        elif found is not None:
            yield "und", self._leaves.text(node, name)

    def _valued(self, node: Any) -> tuple[str, str]:
        return self.tag(self._leaves.text(node, "@language")), self._leaves.text(node, "@value")


def _without_entities(text: str) -> str:
    return text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")


def first(words: Map) -> str:
    """Return the first text, in English where there is one."""
    return next(iter(words.get("en") or next(iter(words.values()), [])), "")


def joined(maps: Iterable[Map]) -> Map:
    """Return one text a language, its parts on lines of their own."""
    found: dict[str, list[str]] = {}
    for one in maps:
        for tag, texts in one.items():
            found.setdefault(tag, []).extend(texts)
    return {tag: ["\n".join(texts)] for tag, texts in found.items()}
