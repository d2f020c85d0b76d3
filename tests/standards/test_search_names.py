# SPDX-License-Identifier: Apache-2.0
"""Names of places found through the product, asked in the scripts and spellings of other languages."""

import csv
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

NAMES = Path(__file__).parents[3] / "shared" / "names"
QUERIES_A_PAIR = 40
TAGS = {"az_Cyrl": "az-Cyrl", "uz_Cyrl": "uz-Cyrl", "tk_Cyrl": "tk-Cyrl", "Latn-var": "und-Latn", "Arab": "und-Arab"}
pytestmark = pytest.mark.skipif(not NAMES.is_dir(), reason=f"{NAMES} is not beside this checkout")
Ortaq = Callable[..., subprocess.CompletedProcess[str]]
Pair = tuple[str, str, str, str]  # id, language of the question, question, name in the language indexed


def pairs(name: str, target: str) -> Iterator[Pair]:
    with (NAMES / f"{name}.tsv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            for own, other in (("a", "b"), ("b", "a")):
                if row[f"lang_{other}"] == target:
                    yield row["id"], row[f"lang_{own}"], row[f"form_{own}"], row[f"form_{other}"]


@pytest.mark.parametrize(
    ("name", "target", "at_least"), [("cldr_city", "az", 0.95), ("cldr_terr", "kk", 0.86), ("geo", "Latn-KZ", 0.89)]
)
def test_first_hit_is_the_place_asked_for(
    ortaq: Ortaq, tmp_path: Path, name: str, target: str, at_least: float
) -> None:
    forms: dict[str, list[str]] = {}
    asked: dict[str, list[tuple[str, str, str]]] = {}
    for key, lang, question, form in pairs(name, target):
        if form not in forms.setdefault(key, []):
            forms[key].append(form)
        asked.setdefault(lang, []).append((key, TAGS.get(lang, lang), question))
    chosen = [one for lang in sorted(asked) for one in sorted(set(asked[lang]))[:QUERIES_A_PAIR]]
    places = [
        {"kind": "place", "source_id": key, "title": {TAGS.get(target, target): form}} for key, form in forms.items()
    ]
    written(tmp_path / "in.jsonl", places)
    written(tmp_path / "q.jsonl", [{"q": question, "lang": lang, "kind": "place"} for _, lang, question in chosen])
    assert ortaq("import", tmp_path / "in.jsonl").returncode == 0

    lines = ortaq("search", "--queries", tmp_path / "q.jsonl", "--limit", "10").stdout.splitlines()

    first = [[hit["source_id"] for hit in json.loads(line)["hits"][:1]] for line in lines]
    right = sum(found == [key] for found, (key, _, _) in zip(first, chosen, strict=True))
    assert right / len(chosen) >= at_least


def written(file: Path, lines: list[dict[str, object]]) -> None:
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
