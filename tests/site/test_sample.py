# SPDX-License-Identifier: Apache-2.0
"""The sample is shared out among nodes so that nothing is described twice and no link leads nowhere."""

import json
from typing import Any

from ortaq.core.identifiers import local_id_of_source, record_uri
from ortaq.site import sample
from ortaq.site.towns import TOWNS

IDS = {town.name: letter * 26 for town, letter in zip(TOWNS, "abc", strict=True)}
CORPUS = sample.lines()
OWNER = sample.owners(
    CORPUS,
    {country: town.name for town in TOWNS for country in town.countries},
    vocabulary="Baku",
    rest="Bishkek",
)
BY_ID = {line["source_id"]: line for line in CORPUS}


def strings(value: Any) -> list[str]:
    """All strings in a JSON value, keys left out."""
    if isinstance(value, dict):
        return [found for one in value.values() for found in strings(one)]
    if isinstance(value, list):
        return [found for one in value for found in strings(one)]
    return [value] if isinstance(value, str) else []


def test_thing_is_described_by_the_node_that_answers_for_its_country() -> None:
    assert OWNER["monument:khan-palace-sheki"] == "Baku"
    assert OWNER["monument:yasawi-mausoleum"] == "Astana"
    assert OWNER["monument:burana-tower"] == "Bishkek"
    assert {OWNER[one] for one in OWNER if one.startswith("term:")} == {"Baku"}


def test_opinion_is_given_at_the_node_of_its_author() -> None:
    assert OWNER["opinion:roadmap-platform-1"] == "Astana"
    assert OWNER["opinion:roadmap-platform-2"] == "Baku"
    assert {OWNER[f"opinion:sheki-glass-{number}"] for number in (1, 2, 3, 4)} == set(IDS)


def test_every_link_between_nodes_names_the_record_of_its_owner() -> None:
    everywhere = {record_uri(IDS[OWNER[one]], local_id_of_source(one)) for one in OWNER}
    crossing = 0
    for line in CORPUS:
        node = OWNER[line["source_id"]]
        for text in strings(sample.linked(line, node, OWNER, IDS)):
            if text.startswith("urn:ortaq:"):
                crossing += 1
                assert text in everywhere
                assert not text.startswith(f"urn:ortaq:{IDS[node]}:")
            elif text in BY_ID:
                assert OWNER[text] == node
    assert crossing > 400


def test_nothing_is_lost_and_answers_come_after_what_they_answer() -> None:
    rounds = sample.rounds(CORPUS, OWNER)
    place = {line["source_id"]: number for number, lines in enumerate(rounds) for line in lines}
    assert sorted(place) == sorted(BY_ID)
    for line in CORPUS:
        for name in ("about", "reply_to"):
            if (target := line.get(name)) in place and line["kind"] == "opinion":
                assert place[target] + (OWNER[target] != OWNER[line["source_id"]]) <= place[line["source_id"]]
    assert len(rounds) > 2


def test_shared_line_is_one_of_the_line_format() -> None:
    line = BY_ID["opinion:roadmap-platform-1"]
    linked = sample.linked(line, "Astana", OWNER, IDS)
    assert linked["about"] == record_uri(IDS["Baku"], local_id_of_source(line["about"]))
    assert json.loads(json.dumps(linked))["source_id"] == line["source_id"]
    assert linked["links"] == line["links"]  # its author is described at the same node
