# SPDX-License-Identifier: Apache-2.0
"""What is searched for: classes of questions, each as an address of the API and as a query of the bare index."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson
import tantivy

from bench.corpus import SEED, vocabulary
from bench.floors import BareSearch
from bench.phonology import CYRILLIC, LANGUAGES, as_name, sounds_of, written

_READ = 20_000  # records of the corpus that are looked at for examples
_SHORTEST = 3  # letters of a word that is asked for
_PREFIX = 4
_YEARS = (1000, 1900)


@dataclass(frozen=True, slots=True)
class Question:
    """address: of the API; bare: the nearest that the bare index can be asked."""

    address: str
    bare: tantivy.Query


def classes(bare: BareSearch, corpus: Path, records: int, count: int) -> dict[str, list[Question]]:
    """Return *count* questions of each class, always the same for a corpus."""
    chance = random.Random(SEED)
    with corpus.open("rb") as stream:
        examples = [orjson.loads(line) for line in itertools.islice(stream, _READ)]
    words = _frequencies(bare)
    frequent = sorted(words, key=lambda word: -words[word])[:count]
    mid = sorted(words, key=lambda word: abs(words[word] / records - 0.02))[:count]
    rare = [word for word in words if 10 <= words[word] <= 99]
    texts = {
        "rare word": chance.sample(rare, count),
        "2 % word": mid,
        "frequent word": frequent,
        "two words": list(itertools.islice(_pairs(examples, words, records, chance), count)),
    }
    found = {name: [Question(_address(q=text), bare.word(text)) for text in asked] for name, asked in texts.items()}
    found["name, other script"] = list(itertools.islice(_names(examples, bare), count))
    found["beginning of a name"] = [
        Question(f"/suggestions?{urlencode({'q': text})}", bare.prefix(text.casefold()))
        for text in _beginnings(examples, count)
    ]
    found["frequent, box, years"] = [_bounded(word, examples, bare, chance) for word in frequent]
    for questions in found.values():
        chance.shuffle(questions)
    return found


def _address(**parameters: Any) -> str:
    return f"/api/search?{urlencode(parameters)}"


def _frequencies(bare: BareSearch) -> dict[str, int]:
    """Words of running text in all languages, with the number of records that have them."""
    found = {word: bare.frequency(word) for lang in LANGUAGES for word in vocabulary(lang) if len(word) >= _SHORTEST}
    return {word: frequency for word, frequency in found.items() if frequency}


def _pairs(examples: list[dict[str, Any]], words: dict[str, int], records: int, chance: random.Random) -> Iterator[str]:
    """Two words of one description, neither rare nor among the most frequent."""
    for record in examples:
        for text in record.get("description", {}).values():
            some = [word for word in text.rstrip(".").split()[1:] if 0.002 < words.get(word, 0) / records < 0.05]
            if record["source_id"].startswith("bench:") and len(set(some)) > 1:
                yield " ".join(chance.sample(sorted(set(some)), 2))
                break


def _names(examples: list[dict[str, Any]], bare: BareSearch) -> Iterator[Question]:
    """Places by a Cyrillic spelling that their record does not have; the bare index is asked for one that it has."""
    for record in examples:
        title = record["title"]
        if record["kind"] == "place" and "az" in title:
            other = next(lang for lang in CYRILLIC if lang not in title or lang == CYRILLIC[-1])
            name = as_name(written(sounds_of(title["az"]), other), other)
            yield Question(_address(q=name, lang=other), bare.word(title["az"]))


def _beginnings(examples: list[dict[str, Any]], count: int) -> list[str]:
    names = (next(iter(record["title"].values())) for record in examples if record["kind"] == "place")
    return [name[:_PREFIX] for name in itertools.islice(names, count)]


def _bounded(word: str, examples: list[dict[str, Any]], bare: BareSearch, chance: random.Random) -> Question:
    point = chance.choice([record["point"] for record in examples[:1000] if "point" in record])
    box = (point["lon"] - 3, point["lat"] - 2, point["lon"] + 3, point["lat"] + 2)
    address = _address(q=word, box=",".join(f"{edge:.4f}" for edge in box), **{"from": _YEARS[0], "to": _YEARS[1]})
    return Question(address, bare.within(bare.word(word), box, _YEARS))
