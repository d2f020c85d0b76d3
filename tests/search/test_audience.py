# SPDX-License-Identifier: Apache-2.0
"""What a viewer may not see shows nowhere: not as a hit, a count, a facet, a suggestion, a similar name or a point."""

from collections.abc import Callable

import pytest

from ortaq.core.audience import STRANGER, Viewer
from ortaq.nodes.identity import Identity
from ortaq.records.door import Draft, write_changes
from ortaq.search.query import points, search, suggest
from ortaq.search.question import Question
from tests.search.asking import place

Keep = Callable[..., list[str]]

SECRET = {"countries": ["KZ"], "areas": ["fund"], "point": {"lat": 41.2, "lon": 47.2}, "description": {"kk": "құпия"}}
PARTNER = "a" * 26


@pytest.fixture(params=["node", "private", "partners", f"partners:{PARTNER}"])
def secret(request: pytest.FixtureRequest, keep: Keep) -> str:
    keep(place("secret", request.param, body=SECRET, az="Gəncə"), place("sheki", az="Şəki"))
    return str(request.param)


def test_strangers_do_not_meet_it(secret: str) -> None:
    for text in ("Gəncə", "Ganja", "Gencä", "Gəncəli", "құпия", "secret", ""):
        answer = search(Question(text), STRANGER)
        assert "secret" not in [hit.source_id for hit in answer.hits]
        assert answer.total == (1 if text == "" else 0)
        assert ("KZ", 1) not in answer.facets["country"] and answer.facets["area"] == []
        assert "kk" not in dict(answer.facets["language"])
    assert [search(Question("", order=order), STRANGER).total for order in ("newest", "oldest")] == [1, 1]


def test_strangers_get_no_suggestion_and_no_point(secret: str) -> None:
    assert suggest("g", "az", STRANGER) == suggest("Гян", "ru", STRANGER) == []
    assert points(Question(""), STRANGER) == points(Question("Gəncə"), STRANGER) == []
    assert points(Question(box=(40, 40, 50, 50)), STRANGER) == []


def test_it_changes_no_answer_of_a_stranger(keep: Keep) -> None:
    """A word that only a secret record has is treated as one that nothing has: the nearest word is taken."""
    keep(place("quba", az="Quba", en="Kuba"), place("sheki", az="Şəki"))
    questions = [Question(text) for text in ("Qubar", "Qubar Sheki", "Шекид", "q", "qubarsheki")]
    before = [_shown(question) for question in questions]
    keep(place("secret", "node", body=SECRET, az="Qubar Şekid"), place("secret-2", "node", az="Qubarşeki"))

    assert [_shown(question) for question in questions] == before


def test_how_often_a_word_stands_in_secret_moves_no_hit(keep: Keep) -> None:
    """Which of two words is rarer, all records told of, also those that the reader does not see."""
    keep(
        place("castle", body={"description": {"az": "qala " * 6 + "bulaq"}}, az="Şəki"),
        place("spring", body={"description": {"az": "bulaq " * 6 + "qala"}}, az="Quba"),
        *(place(f"spring-{number}", body={"description": {"az": "bulaq"}}, az=f"Kənd {number}") for number in range(5)),
    )
    before = _order("qala bulaq")
    keep(
        *(
            place(f"s-{number}", "node", body={"description": {"az": "qala"}}, az=f"Gizli {number}")
            for number in range(40)
        )
    )
    assert _order("qala bulaq") == before


def _order(text: str) -> list[str | None]:
    return [hit.source_id for hit in search(Question(text), STRANGER).hits]


def _shown(question: Question) -> tuple[object, ...]:
    answer = search(question, STRANGER)
    suggested = [hit.source_id for hit in suggest(question.text, "az", STRANGER)]
    return (
        sorted((str(hit.source_id), hit.is_similar) for hit in answer.hits),
        answer.total,
        answer.facets,
        answer.after,
        suggested,
    )


def test_its_own_people_meet_it(secret: str, node: Identity) -> None:
    me = Viewer(node.uri)

    assert search(Question("Ganja"), me).hits[0].source_id == "secret"
    assert search(Question("құпия"), me).total == 1
    assert search(Question(""), me).facets["country"] == [("KZ", 1)]
    assert [hit.source_id for hit in suggest("g", "az", me)] == ["secret"]
    assert len(points(Question(""), me)) == 1


def test_a_private_record_is_its_authors_alone(keep: Keep) -> None:
    keep(place("secret", "private", az="Gəncə"))

    assert search(Question("Gəncə"), Viewer("urn:ortaq:someone-else")).total == 0


def test_the_database_has_the_last_word(keep: Keep, node: Identity) -> None:
    """The index may be behind: a record that was just restricted or withdrawn is not shown."""
    uris = keep(place("a", az="Gəncə"), place("b", az="Gəncə"), place("c", az="Gəncə"))
    write_changes([place("a", "node", az="Gəncə"), Draft("place", None, uri=uris[1])], by=node.uri)

    assert [hit.source_id for hit in search(Question("Gəncə"), STRANGER).hits] == ["c"]
    assert [hit.source_id for hit in suggest("gə", "az", STRANGER)] == ["c"]
