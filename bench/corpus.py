# SPDX-License-Identifier: Apache-2.0
"""A corpus of any size in the line format: always the same for a seed, written as it is made, memory flat.

What makes its dictionary grow is what does so in life: every record has a name of its own, in several languages and both scripts,
beside place and type words that are real (from sample/); running text repeats a vocabulary by Zipf's law, inflected.
"""

import itertools
import random
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from bench.phonology import CYRILLIC, LANGUAGES, as_name, word, written

SAMPLE = Path(__file__).resolve().parent.parent / "sample"
VOCABULARY = 30_000  # words a language; eight languages give 240,000 beside the names
SEED = 20231205

# Of each hundred records, in this order; the rest are monuments. A link to a place is then a matter of arithmetic.
_SHARES = (("place", 12), ("agent", 6), ("object", 15), ("material", 20), ("event", 2), ("work", 1))
_KINDS = [kind for kind, share in _SHARES for _ in range(share)]
KINDS = _KINDS + ["monument"] * (100 - len(_KINDS))
_POSITIONS = {kind: (KINDS.index(kind), KINDS.index(kind) + KINDS.count(kind)) for kind in set(KINDS)}


def source_id(number: int) -> str:
    return f"bench:{number:07d}"


def write_corpus(file: Path, count: int, seed: int = SEED) -> None:
    """Write *count* records to *file*."""
    with file.open("wb", buffering=1 << 20) as stream:
        for record in records(count, seed):
            stream.write(orjson.dumps(record))
            stream.write(b"\n")


def records(count: int, seed: int = SEED) -> Iterator[dict[str, Any]]:
    """Yield *count* records: first the terms that the others name, then hundreds of mixed kinds."""
    terms = _sample("terms")
    yield from terms[:count]
    maker = Maker(terms, seed)
    for number in range(max(0, count - len(terms))):
        yield maker.record(number)


def _sample(name: str) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in (SAMPLE / f"{name}.jsonl").read_bytes().splitlines()]


class Maker:
    """Makes record number n of a corpus; needs to be asked in order, since one chance runs through all."""

    def __init__(self, terms: list[dict[str, Any]], seed: int) -> None:
        self.chance = random.Random(seed)
        self.seed = seed
        self.terms = {
            scheme: [term for term in terms if term["scheme"] == scheme]
            for scheme in {term["scheme"] for term in terms}
        }
        self.places = [place for place in _sample("places") if "point" in place and place.get("countries")]

    @cached_property
    def vocabulary(self) -> dict[str, list[str]]:
        """language → its words, the most frequent first."""
        return {lang: vocabulary(lang, self.seed) for lang in LANGUAGES}

    @cached_property
    def weights(self) -> list[float]:
        return list(itertools.accumulate(1 / (rank + 2.7) for rank in range(VOCABULARY)))

    def record(self, number: int) -> dict[str, Any]:
        """Return record *number*."""
        kind = KINDS[number % 100]
        near = self.chance.choice(self.places)
        languages = self.chance.sample(LANGUAGES, self.chance.choices((2, 3, 4), (5, 3, 2))[0])
        if all(lang in CYRILLIC for lang in languages) or not any(lang in CYRILLIC for lang in languages):
            languages[-1] = self.chance.choice(
                [lang for lang in LANGUAGES if (lang in CYRILLIC) != (languages[0] in CYRILLIC)]
            )
        body: dict[str, Any] = {"kind": kind, "source_id": source_id(number)}
        body |= getattr(self, f"_{kind}")(number, near, languages)
        body["description"] = self._description(languages)
        body["countries"] = near["countries"][:1]
        body["sources"] = [
            f"{self._name(languages[0])} {self._name(languages[0])}. {self.chance.randint(1890, 2024)}, {self.chance.randint(1, 400)}"
        ]
        if number % 3 == 0:
            body["identifiers"] = [
                {"scheme": "register", "value": f"{near['countries'][0]}-{number * 7919 % 9_999_991}"}
            ]
        return body

    def _place(self, number: int, near: dict[str, Any], languages: list[str]) -> dict[str, Any]:
        types = [self.chance.choice(self.terms["place_type"])["source_id"]]
        return {
            "title": self._title(languages),
            "types": types,
            "point": self._point(near),
            "population": self.chance.randint(40, 90_000),
        }

    def _agent(self, number: int, near: dict[str, Any], languages: list[str]) -> dict[str, Any]:
        kind = self.chance.choice(("person", "person", "institution"))
        links = [{"role": "located_in", "to": self._other("place", number)}]
        return {"title": self._title(languages, names=2), "agent_type": kind, "links": links}

    def _monument(self, number: int, near: dict[str, Any], languages: list[str]) -> dict[str, Any]:
        kind = self.chance.choice(self.terms["heritage_type"])
        body = {
            "title": self._title(languages, kind, near),
            "types": [kind["source_id"]],
            "materials": [self.chance.choice(self.terms["material"])["source_id"]],
            "built": self._span(),
            "point": self._point(near),
            "areas": ["heritage"],
            "links": [{"role": "located_in", "to": self._other("place", number)}],
        }
        if number % 5 < 2:
            body["protection"] = [
                {"list": "State list", "level": self.chance.choice(("national", "local")), "number": str(number)}
            ]
        return body

    def _object(self, number: int, near: dict[str, Any], languages: list[str]) -> dict[str, Any]:
        kind = self.chance.choice(self.terms["material"])
        links = [{"role": "kept_by", "to": self._other("agent", number)}]
        return {
            "title": self._title(languages, kind),
            "materials": [kind["source_id"]],
            "made": self._span(),
            "number": f"KP-{number}",
            "links": links,
        }

    def _material(self, number: int, near: dict[str, Any], languages: list[str]) -> dict[str, Any]:
        kind = self.chance.choice(self.terms["material_type"])
        links = [
            {"role": "about", "to": self._other("monument", number)},
            {"role": "created_by", "to": self._other("agent", number)},
        ]
        return {
            "title": self._title(languages, kind, near),
            "types": [kind["source_id"]],
            "created": str(self.chance.randint(1920, 2024)),
            "languages": languages[:1],
            "areas": [self.chance.choice(("restoration", "research", "archives", "archaeology"))],
            "links": links,
        }

    def _event(self, number: int, near: dict[str, Any], languages: list[str]) -> dict[str, Any]:
        kind = self.chance.choice(("exhibition", "festival", "concert", "conference"))
        links = [{"role": "held_at", "to": self._other("place", number)}]
        return {
            "title": self._title(languages),
            "event_type": kind,
            "held": str(self.chance.randint(1991, 2024)),
            "areas": ["culture"],
            "links": links,
        }

    def _work(self, number: int, near: dict[str, Any], languages: list[str]) -> dict[str, Any]:
        kind = self.chance.choice(("film", "book", "music", "documentary"))
        return {
            "title": self._title(languages, names=2),
            "work_type": kind,
            "made": str(self.chance.randint(1920, 2024)),
            "areas": ["cinema"],
        }

    def _title(
        self,
        languages: list[str],
        kind: dict[str, Any] | None = None,
        near: dict[str, Any] | None = None,
        names: int = 1,
    ) -> dict[str, str]:
        """The same name in every language: now and then a real place, the name's own words, the word for what it is."""
        own = [word(self.chance, self.chance.choice((2, 2, 3, 3, 4))) for _ in range(names)]
        is_placed = near is not None and self.chance.random() < 0.4
        title = {}
        for lang in languages:
            words = [as_name(written(sounds, lang), lang) for sounds in own]
            if is_placed and near:
                words.insert(0, _first(near, lang))
            if kind:
                words.append(_first(kind, lang))
            title[lang] = " ".join(words)
        return title

    def _description(self, languages: list[str]) -> dict[str, str]:
        """30 to 80 words, mostly in two languages."""
        used = languages[: 2 if self.chance.random() < 0.7 else 1]
        return {lang: self._prose(lang, self.chance.randint(30, 80)) for lang in used}

    def _prose(self, lang: str, count: int) -> str:
        words = self.chance.choices(self.vocabulary[lang], cum_weights=self.weights, k=count)
        sentences = [words[start : start + 11] for start in range(0, count, 11)]
        return " ".join(f"{as_name(' '.join(sentence), lang)}." for sentence in sentences)

    def _name(self, lang: str) -> str:
        return as_name(self.chance.choice(self.vocabulary[lang]), lang)

    def _point(self, near: dict[str, Any]) -> dict[str, float]:
        lat = near["point"]["lat"] + self.chance.gauss(0, 0.6)
        lon = near["point"]["lon"] + self.chance.gauss(0, 0.8)
        return {"lat": round(lat, 5), "lon": round(lon, 5)}

    def _span(self) -> str:
        year = int(self.chance.triangular(200, 1990, 1700))
        match self.chance.randrange(3):
            case 0:
                return f"{year:04d}"
            case 1:
                return f"{year // 100:02d}XX"
            case _:
                return f"{year:04d}/{year + self.chance.randint(1, 40):04d}"

    def _other(self, kind: str, number: int) -> str:
        """The source id of a record of *kind* in a hundred up to that of *number*."""
        first, end = _POSITIONS[kind]
        return source_id(self.chance.randint(0, number // 100) * 100 + self.chance.randrange(first, end))


def _first(record: dict[str, Any], lang: str) -> str:
    names = record["title"].get(lang) or record["title"]["en"]
    return str(names if isinstance(names, str) else names[0])


def vocabulary(lang: str, seed: int = SEED) -> list[str]:
    """Return the words of running text in *lang*, the most frequent first and shortest."""
    chance = random.Random(f"{seed} {lang}")
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        rank = len(found)
        syllables = 1 if rank < 40 else chance.choice((1, 2, 2)) if rank < 1000 else chance.choice((2, 2, 3))
        found[written(word(chance, syllables, 0 if rank < 40 else chance.choice((0, 1, 1, 2))), lang)] = None
    return list(found)
