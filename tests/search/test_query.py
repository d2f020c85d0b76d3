# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable

import pytest

from ortaq.core.audience import STRANGER
from ortaq.records.door import Draft
from ortaq.search.errors import BadCursor, BadQuestion, IndexAbsent, TooDeep
from ortaq.search.query import points, search, suggest
from ortaq.search.question import Question
from tests.search.asking import found, place

Keep = Callable[..., list[str]]

PALACE = Draft(
    "monument",
    {
        "source_id": "palace",
        "title": {"az": "Şəki xanlarının sarayı", "en": "Palace of the Sheki Khans"},
        "description": {"en": "A summer residence with stained glass and painted walls."},
        "built": "1797",
        "countries": ["AZ"],
        "areas": ["heritage"],
        "protection": [{"list": "World Heritage", "since": "2019"}],
    },
)


@pytest.mark.parametrize("spelling", ["Şəki", "Шәки", "Sheki", "Шеки", "Seki", "şeki", "Sheky"])
def test_a_town_is_found_in_every_script(keep: Keep, spelling: str) -> None:
    keep(place("sheki", az="Şəki"), place("quba", az="Quba"), PALACE)

    assert found(spelling)[0] == "sheki"


def test_all_words_must_match_in_name_or_text(keep: Keep) -> None:
    keep(PALACE, place("sheki", az="Şəki"))

    assert found("sheki glass") == ["palace"]
    assert found("the palace of painted walls") == ["palace"]
    assert found("sheki bridge") == []


def test_inflected_forms_and_beginnings_match(keep: Keep) -> None:
    keep(PALACE)

    assert found("saraylar") == ["palace"]
    assert found("saraydan") == ["palace"]
    assert found("she") == ["palace"]


def test_a_word_that_nothing_has_may_be_one_edit_off(keep: Keep) -> None:
    keep(PALACE)

    assert found("stainet glass") == ["palace"]
    assert found("glsas") == ["palace"]
    assert found("grlxtss") == []


def test_a_name_comes_before_a_name_with_the_word_before_a_text_with_it(keep: Keep) -> None:
    text = Draft("monument", {"source_id": "text", "title": {"en": "Mill"}, "description": {"en": "Near Sheki."}})
    keep(text, PALACE, place("sheki", az="Şəki"))

    assert found("Шеки") == ["sheki", "palace", "text"]


def test_merely_similar_names_fill_the_page_and_are_not_counted(keep: Keep) -> None:
    keep(place("samarkand", uz="Samarqand"))

    answer = search(Question("Zomarkavan"), STRANGER)
    assert [(hit.source_id, hit.is_similar) for hit in answer.hits] == [("samarkand", True)]
    assert (answer.total, answer.is_similar) == (0, True)


def test_a_word_in_a_script_without_key_is_found_as_it_is(keep: Keep) -> None:
    keep(place("tbilisi", ka="თბილისი"))

    assert found("თბილისი") == ["tbilisi"]
    assert found("ბათუმი") == []


def test_facets_count_all_that_match_and_ignore_their_own_filter(keep: Keep) -> None:
    keep(
        PALACE,
        place("sheki", az="Şəki", body={"countries": ["AZ"]}),
        place("sheki-tr", tr="Şeki", body={"countries": ["TR"]}),
    )

    answer = search(Question("sheki", kinds=("place",)), STRANGER)
    assert answer.total == 2
    assert answer.facets == {
        "kind": [("place", 2), ("monument", 1)],
        "country": [("AZ", 1), ("TR", 1)],
        "language": [("az", 1), ("tr", 1)],
        "area": [],
        "period": [],
    }
    assert answer.facets["kind"] == search(Question("sheki"), STRANGER).facets["kind"]


def test_filters_narrow(keep: Keep) -> None:
    keep(PALACE, place("sheki", az="Şəki", body={"countries": ["AZ"]}))

    assert found(kinds=("monument",)) == ["palace"]
    assert found(languages=("en",)) == ["palace"]
    assert found(areas=("heritage",)) == ["palace"]
    assert found(periods=("17XX",)) == ["palace"]
    assert found(countries=("AZ",), order="oldest") == ["palace", "sheki"]
    assert found(countries=("TR",)) == []


def test_years_are_those_of_the_thing_and_not_of_its_protection(keep: Keep) -> None:
    keep(PALACE)

    assert found(first_year=1797, last_year=1797) == ["palace"]
    assert found(first_year=1700) == ["palace"]
    assert found(last_year=1796) == []
    assert found(first_year=1798, last_year=2025) == []
    with pytest.raises(BadQuestion):
        Question(first_year=2, last_year=1)


def test_box_may_cross_the_antimeridian(keep: Keep) -> None:
    keep(
        place("sheki", az="Şəki", body={"point": {"lat": 41.2, "lon": 47.2}}),
        place("suva", en="Suva", body={"point": {"lat": -18.1, "lon": 178.4}}),
    )

    assert found(box=(47, 41, 48, 42)) == ["sheki"]
    assert found(box=(170, -20, -170, -10)) == ["suva"]
    assert found(box=(-170, -20, 170, -10)) == []
    with pytest.raises(BadQuestion):
        Question(box=(0, 50, 1, 40))


def test_points_are_those_of_the_hits(keep: Keep) -> None:
    keep(place("sheki", az="Şəki", body={"point": {"lat": 41.2, "lon": 47.2}}), place("sheki-2", az="Şəki"), PALACE)

    assert [(point.title, point.lat, point.lon) for point in points(Question("sheki"), STRANGER)] == [
        ({"az": ["Şəki"]}, 41.2, 47.2)
    ]


@pytest.mark.parametrize("order", ["relevance", "newest", "oldest"])
def test_pages_give_every_record_once(keep: Keep, order: str) -> None:
    keep(*(place(f"p{number}", az="Şəki") for number in range(7)))

    seen: list[str | None] = []
    after = None
    while True:
        answer = search(Question("sheki", order=order, after=after, limit=3), STRANGER)
        seen += [hit.source_id for hit in answer.hits]
        after = answer.after
        if after is None:
            break
    assert sorted(map(str, seen)) == [f"p{number}" for number in range(7)]
    assert answer.total == 7
    if order != "relevance":
        assert seen == sorted(seen, key=str, reverse=order == "newest")


def test_a_record_written_between_two_pages_moves_nothing(keep: Keep) -> None:
    keep(*(place(f"p{number}", az="Şəki") for number in range(4)))
    first = search(Question(order="newest", limit=2), STRANGER)
    keep(place("p4", az="Şəki"))

    assert found(order="newest", limit=2, after=first.after) == ["p1", "p0"]


def test_too_deep_and_malformed_cursors_are_refused(keep: Keep) -> None:
    from ortaq.search.cursor import cursor

    keep(place("sheki", az="Şəki"))
    with pytest.raises(TooDeep):
        search(Question("sheki", after=cursor("relevance", 1000)), STRANGER)
    for wrong in ("x", "", "é", "!!!!", cursor("newest", 3), cursor("relevance", -1), cursor("relevance", 10**30)):
        if wrong:
            with pytest.raises(BadCursor):
                search(Question("sheki", after=wrong), STRANGER)


def test_suggestions_begin_as_typed_in_any_script(keep: Keep) -> None:
    keep(PALACE, place("sheki", az="Şəki", ru="Шеки"), place("quba", az="Quba"))

    assert [hit.source_id for hit in suggest("ше", "ru", STRANGER)] == ["sheki", "palace"]
    assert [hit.source_id for hit in suggest("sheki kh", "en", STRANGER)] == ["palace"]
    assert [hit.source_id for hit in suggest("q", None, STRANGER)] == ["quba"]
    assert suggest("", "en", STRANGER) == suggest("!", "en", STRANGER) == []


@pytest.mark.parametrize("text", ["", "   ", "!", "\0", "a" * 1000, "* OR (", '"', "~key", "name:x", ".*", "🏛", "ʼ"])
def test_any_text_is_answered(keep: Keep, text: str) -> None:
    keep(place("sheki", az="Şəki"))

    assert search(Question(text), STRANGER).total in (0, 1)
    suggest(text, "az", STRANGER)


def test_without_an_index_it_is_said(node: object) -> None:
    with pytest.raises(IndexAbsent):
        search(Question("x"), STRANGER)


def test_the_very_name_comes_first_however_many_others_begin_with_it(keep: Keep) -> None:
    files = (place(f"f{number}", en=f"UNESCO file {number}") for number in range(60))
    keep(
        *files,
        place("unesco", en=["UNESCO", "United Nations Educational, Scientific and Cultural Organization"], ru="ЮНЕСКО"),
    )

    assert found("UNESCO", lang="en", limit=1) == ["unesco"]
    assert found("ЮНЕСКО", limit=1) == ["unesco"]
