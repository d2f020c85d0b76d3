# SPDX-License-Identifier: Apache-2.0
import pytest

from ortaq.doors.imports.tags import language_tag, register_of


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("de", "de"), ("EN", "en"), ("deu", "de"), ("aze", "az"), ("az-cyrl", "az-Cyrl"), ("uz_Cyrl_UZ", "uz-Cyrl-UZ"),
        ("pt-br", "pt-BR"), ("chg", "chg"), ("mul", "und"), ("German", "und"), ("", "und"), ("x", "und"),
    ],
)  # fmt: skip
def test_code_of_a_language_becomes_bcp_47(written: str, tag: str) -> None:
    assert language_tag(written) == tag


@pytest.mark.parametrize(
    ("address", "register"),
    [
        ("http://vocab.getty.edu/aat/300055033", ("aat", "300055033")),
        ("http://vocab.getty.edu/page/tgn/7004446", ("tgn", "7004446")),
        ("https://d-nb.info/gnd/11852786X", ("gnd", "11852786X")),
        ("http://www.wikidata.org/entity/Q5", ("wikidata", "Q5")),
        ("http://sws.geonames.org/2886242/", ("geonames", "2886242")),
        ("http://iconclass.org/11H(JOHN)122", ("iconclass", "11H(JOHN)122")),
        ("http://terminology.lido-schema.org/lido00099", ("lido", "lido00099")),
        ("https://museum.example/objects/7", ("museum.example", "https://museum.example/objects/7")),
        ("DE-MUS-079214", None),
    ],
)
def test_address_tells_its_register(address: str, register: tuple[str, str] | None) -> None:
    assert register_of(address) == register
