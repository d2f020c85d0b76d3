# SPDX-License-Identifier: Apache-2.0
"""What is read from a report: proposals with the words they rest on. DESIGN section 11 names the fields."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BodyText(_Part):
    """start, end: characters of the file as decoded; text: repaired, without what a page put between paragraphs."""

    start: int
    end: int
    text: str


class Replacement(_Part):
    """A word with letters of the wrong alphabet, what it was repaired to, and where it begins in the file."""

    word: str
    repaired: str
    offset: int


class Writing(_Part):
    """One place where a name is written, as it is written there."""

    text: str
    offset: int


class Named(_Part):
    """name: in the language of the report; quote: the sentence that names it first; offset: where the quote begins."""

    name: str
    country: str | None
    quote: str
    offset: int
    mentions: list[Writing]


class Institution(Named):
    pass


class Place(Named):
    type: Literal["country", "city", "region", "site"]


class Evidence(_Part):
    """One report. people, events and commitments are read in a later stage and are empty lists until then."""

    file: str
    language: str | None
    published_on: str | None
    published_certainty: Literal["stated", "inferred", "unknown"]
    title: str | None
    body: BodyText
    look_alikes: list[Replacement]
    people: list[dict[str, object]] = []
    institutions: list[Institution] = []
    places: list[Place] = []
    events: list[dict[str, object]] = []
    commitments: list[dict[str, object]] = []


class Findings(_Part):
    """Reports given together; links between what they tell are read in a later stage."""

    reports: list[Evidence]
    links: list[dict[str, object]] = []
