# SPDX-License-Identifier: Apache-2.0
import pytest

from ortaq.core.audience import (
    STRANGER,
    BadAudience,
    Standing,
    Viewer,
    as_written,
    bounded_token,
    checked,
    is_within,
    of_institution,
    token,
)

A, B = "a" * 26, "b" * 26
HERE = "c" * 26


@pytest.mark.parametrize(
    "audience", ["public", "partners", "node", f"institution:{'a' * 16}", "private", f"partners:{A}"]
)
def test_known_audiences(audience: str) -> None:
    assert checked(audience) == audience


@pytest.mark.parametrize(
    "audience",
    [
        "",
        "Public",
        "everyone",
        "partners:",
        "partners:x",
        "private:me",
        "institution",
        "institution:x",
        f"partners:{A},",
    ],
)
def test_other_audiences_are_refused(audience: str) -> None:
    with pytest.raises(BadAudience):
        checked(audience)


@pytest.mark.parametrize(
    ("audience", "limit", "expected"),
    [
        ("public", "public", True),
        ("public", "partners", False),
        ("node", "public", True),
        ("partners", f"partners:{A}", False),
        (f"partners:{A}", "partners", True),
        (f"partners:{A}", f"partners:{A},{B}", True),
        (f"partners:{A},{B}", f"partners:{A}", False),
        ("node", f"partners:{A}", True),
        ("node", "private", False),
    ],
)
def test_is_within(audience: str, limit: str, expected: bool) -> None:
    assert is_within(audience, limit) is expected


def test_stranger_sees_only_what_is_public() -> None:
    stored = ["public", "partners", f"partners:{A}", "node", token("private", "urn:x", HERE)]
    assert [one for one in stored if STRANGER.may_see(one)] == ["public"]


def test_person_sees_all_but_what_is_private_to_others() -> None:
    stored = [
        "public",
        "partners",
        f"partners:{A}",
        "node",
        token("private", "urn:me", HERE),
        token("private", "urn:you", HERE),
    ]
    assert [one for one in stored if Viewer("urn:me").may_see(one)] == stored[:-1]


@pytest.mark.parametrize("audience", ["public", "partners", f"partners:{A},{B}", "node", "private"])
def test_token_is_written_as_the_audience_it_was_made_of(audience: str) -> None:
    assert as_written(token(audience, "urn:me", HERE)) == audience


@pytest.mark.parametrize(
    ("audience", "limits", "expected"),
    [
        ("public", ["node"], "node"),
        ("node", ["public"], "node"),
        ("public", ["node", "partners"], "node"),
        ("public", [f"institution:{'a' * 16}"], f"institution:{'a' * 16}"),
        (f"institution:{'b' * 16}", [f"institution:{'a' * 16}"], "private:urn:me"),
        (f"partners:{A}", [f"partners:{B}"], "private:urn:me"),
        ("public", ["private:urn:you"], "private:urn:me"),
        ("public", ["private:urn:me"], "private:urn:me"),
        ("private", ["private:urn:you"], "private:urn:me"),
    ],
)
def test_what_is_about_a_record_is_seen_no_more_widely(audience: str, limits: list[str], expected: str) -> None:
    assert bounded_token(audience, "urn:me", limits, HERE) == expected


def test_person_of_two_institutions_sees_both_and_no_third() -> None:
    viewer = Viewer("urn:1", (Standing("urn:1", "a" * 16, "reader"), Standing("urn:2", "b" * 16, "editor")))
    assert viewer.may_see(of_institution("a" * 16)) and viewer.may_see(of_institution("b" * 16))
    assert not viewer.may_see(of_institution("c" * 16))
    assert viewer.may_see("private:urn:2")
    assert viewer.sight != Viewer("urn:1").sight
