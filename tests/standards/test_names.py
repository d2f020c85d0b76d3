# SPDX-License-Identifier: Apache-2.0
"""How well names find each other across languages, on the pairs of ../shared/names, in plain Python.

The task is that of names/README.md: all forms in one language are the titles, a form in another is the query. A
sample of the queries is asked; the thresholds lie about .01 under what all of them give.
"""

import csv
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from ortaq.language.detection import detect
from ortaq.language.features import name_features
from ortaq.language.keys import consonant_skeleton, phonemic_key
from ortaq.language.similarity import NameKeys, name_similarity

NAMES = Path(__file__).parents[3] / "shared" / "names"
pytestmark = pytest.mark.skipif(not NAMES.is_dir(), reason=f"{NAMES} is not beside this checkout")

TAGS = {"Latn-var": "und-Latn", "Arab": "und-Arab"}
QUERIES = 1500
OF_A_PAIR = 400  # as names/score.py limits the pairs of languages that have most rows
CANDIDATES = 50
K1, B = 1.2, 0.75


def tag(lang: str) -> str:
    return TAGS.get(lang, lang.replace("_", "-"))


def rows(name: str) -> Iterator[dict[str, str]]:
    with (NAMES / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t")


class Index:
    """BM25 over the features of titles, best hits ranked anew by similarity: what search does, without its store."""

    def __init__(self, titles: dict[str, set[str]], lang: str) -> None:
        self.ids = sorted(titles)
        self.keys = [[name_keys(form, lang) for form in sorted(titles[name])] for name in self.ids]
        documents = [Counter(t for form in sorted(titles[n]) for t in name_features(form, lang)) for n in self.ids]
        average = sum(map(Counter.total, documents)) / len(documents)
        self.postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, document in enumerate(documents):
            length = K1 * (1 - B + B * document.total() / average)
            for token, count in document.items():
                self.postings[token].append((number, count * (K1 + 1) / (count + length)))

    def first_hit(self, query: str, lang: str) -> str | None:
        scores: Counter[int] = Counter()
        for token, count in Counter(name_features(query, lang)).items():
            if postings := self.postings.get(token):
                weight = min(count, 2) * math.log(1 + (len(self.ids) - len(postings) + 0.5) / (len(postings) + 0.5))
                for number, score in postings:
                    scores[number] += weight * score
        top = scores.most_common(CANDIDATES)
        if not top:
            return None
        asked, best = name_keys(query, lang), top[0][1]
        return self.ids[max(top, key=lambda hit: hit[1] / best + self.likeness(asked, hit[0]))[0]]

    def likeness(self, asked: NameKeys, number: int) -> float:
        return max(name_similarity(asked, keys) for keys in self.keys[number])


def name_keys(name: str, lang: str) -> NameKeys:
    key1 = phonemic_key(name, lang)
    return key1, consonant_skeleton(key1)


def recall_at_1(name: str) -> float:
    titles: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    pairs: dict[tuple[str, str], set[tuple[str, str, str]]] = defaultdict(set)
    for row in rows(name):
        for asked, sought in (("a", "b"), ("b", "a")):
            lang, form, wanted = row["lang_" + asked], row["form_" + asked], row["form_" + sought]
            titles[row["lang_" + sought]][row["id"]].add(wanted)
            pairs[lang, row["lang_" + sought]].add((row["id"], form, wanted))
    indexes = {lang: Index(forms, tag(lang)) for lang, forms in titles.items()}
    queries = [(pair, query) for pair in sorted(pairs) for query in sorted(pairs[pair])[:OF_A_PAIR]]
    hits = [
        indexes[sought].first_hit(form, tag(asked)) == wanted
        for (asked, sought), (wanted, form, _) in random.Random(2).sample(queries, min(QUERIES, len(queries)))
    ]
    return sum(hits) / len(hits)


@pytest.mark.parametrize(
    ("name", "at_least"),
    [
        ("cldr_city", 0.97),
        ("cldr_terr", 0.95),
        ("geo", 0.91),
        ("cldr_lang", 0.87),
        ("iso_country", 0.96),
        ("iso_subdiv", 0.84),
    ],
)
def test_names_find_each_other_across_languages(name, at_least):
    assert recall_at_1(name) >= at_least


def cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length].rpartition(" ")[0]


def right_share(name: str, length: int) -> dict[str, float]:
    texts = {(tag(row["lang_" + side]), cut(row["form_" + side], length)) for row in rows(name) for side in "ab"}
    right: dict[str, list[bool]] = defaultdict(list)
    for lang, text in sorted(texts):
        if sum(map(str.isalpha, text)) > 3:
            right[lang].append(detect(text).lang == lang)
    return {lang: sum(answers) / len(answers) for lang, answers in right.items()}


@pytest.mark.parametrize(
    ("name", "length", "at_least"), [("sentences", 1000, 0.96), ("udhr", 40, 0.9), ("udhr", 1000, 1)]
)
def test_language_is_detected(name, length, at_least):
    shares = right_share(name, length)

    assert {lang: share for lang, share in shares.items() if share < at_least} == {}
    assert sum(shares.values()) / len(shares) >= 0.985
