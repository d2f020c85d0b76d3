# SPDX-License-Identifier: Apache-2.0
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.core import identifiers
from ortaq.core.errors import BadIdentifier

NODE = "a" * 26


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_local_id_of_source_is_stable_and_well_formed(source_id: str) -> None:
    local = identifiers.local_id_of_source(source_id)
    assert local == identifiers.local_id_of_source(source_id)
    assert identifiers.split_uri(identifiers.record_uri(NODE, local)) == (NODE, local)


def test_node_id_is_bound_to_the_key() -> None:
    assert re.fullmatch(r"[a-z2-7]{26}", identifiers.node_id("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"))
    assert identifiers.node_id("z6Mka") != identifiers.node_id("z6Mkb")


@pytest.mark.parametrize("reference", ["https://www.wikidata.org/wiki/Q1", f"urn:ortaq:{NODE}:{'b' * 16}"])
def test_resolve_keeps_addresses(reference: str) -> None:
    assert identifiers.resolve(reference, NODE) == reference


def test_resolve_takes_anything_else_for_a_source_id() -> None:
    assert identifiers.resolve("geo:1", NODE) == identifiers.record_uri(NODE, identifiers.local_id_of_source("geo:1"))


@pytest.mark.parametrize("uri", ["urn:ortaq:short:x", "urn:ortaq:", f"urn:ortaq:{NODE}:UPPER"])
def test_malformed_uri_is_refused(uri: str) -> None:
    with pytest.raises(BadIdentifier):
        identifiers.resolve(uri, NODE)


def test_record_without_a_source_is_itself_at_its_node_and_a_copy_elsewhere() -> None:
    uri = identifiers.record_uri(NODE, "b" * 16)
    name = identifiers.source_id_of_uri(uri)

    assert identifiers.resolve(name, NODE) == uri
    assert identifiers.resolve(name, "c" * 26) == identifiers.record_uri("c" * 26, identifiers.local_id_of_source(name))
    assert identifiers.own_uri("geo:1", NODE) is None
