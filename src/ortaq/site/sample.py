# SPDX-License-Identifier: Apache-2.0
"""The sample corpus, shared out among nodes: each thing is described once, by the node that answers for it; the others link to it.

A link to what another node describes names that record's URI, which follows from the node's id and the source id.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson

import ortaq
from ortaq.core.identifiers import local_id_of_source, record_uri
from ortaq.opinions.kind import OPINION
from ortaq.site.errors import SampleAbsent

Line = dict[str, Any]
_VOCABULARY: Final = "term"


def folder() -> Path:
    """Return where the sample is: in the installed package, or beside the sources of a checkout. Raises SampleAbsent."""
    package = Path(ortaq.__file__).parent
    for place in (package / "sample", package.parents[1] / "sample"):
        if (place / "monuments.jsonl").is_file():
            return place
    raise SampleAbsent(home=package / "sample")


def lines() -> list[Line]:
    """Return the records of the corpus, by file and in their order."""
    files = sorted(folder().glob("*.jsonl"))
    return [orjson.loads(line) for file in files for line in file.read_bytes().splitlines()]


def owners(corpus: Sequence[Line], node_of_country: Mapping[str, str], *, vocabulary: str, rest: str) -> dict[str, str]:
    """Return source id → node: of a thing by its first country that has a node, of an opinion by its author's.

    vocabulary  node that keeps the terms for all of them
    rest        node of what has no country, or one without a node
    """
    by_id = {line["source_id"]: line for line in corpus}

    def owner(line: Line) -> str:
        if line["kind"] == _VOCABULARY:
            return vocabulary
        told = by_id[_author(line)] if line["kind"] == OPINION.name else line
        return next((node_of_country[one] for one in told.get("countries", ()) if one in node_of_country), rest)

    return {source_id: owner(line) for source_id, line in by_id.items()}


def _author(line: Line) -> str:
    return next(str(link["to"]) for link in line["links"] if link["role"] == "created_by")


def rounds(corpus: Sequence[Line], owner: Mapping[str, str]) -> list[list[Line]]:
    """Return what can be written at once, then what is about that at another node, and so on: an opinion needs what it is about."""
    place: dict[str, int] = {}
    found: list[list[Line]] = []
    for line in sorted(corpus, key=lambda line: line["kind"] == OPINION.name):
        source_id = line["source_id"]
        targets = [line[name] for name in OPINION.bounded_by if name in line] if line["kind"] == OPINION.name else []
        place[source_id] = max((place[one] + (owner[one] != owner[source_id]) for one in targets), default=0)
        while len(found) <= place[source_id]:
            found.append([])
        found[place[source_id]].append(line)
    return found


def linked(line: Line, node: str, owner: Mapping[str, str], ids: Mapping[str, str]) -> Line:
    """Return *line* as *node* writes it: what others describe is named by its URI. ids: node → its id."""

    def uri(text: str) -> str:
        is_of_another = owner.get(text, node) != node
        return record_uri(ids[owner[text]], local_id_of_source(text)) if is_of_another else text

    return {name: value if name == "source_id" else _replaced(value, uri) for name, value in line.items()}


def _replaced(value: Any, uri: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return uri(value)
    if isinstance(value, list):
        return [_replaced(one, uri) for one in value]
    if isinstance(value, dict):
        return {name: _replaced(one, uri) for name, one in value.items()}
    return value
