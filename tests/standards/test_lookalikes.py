# SPDX-License-Identifier: Apache-2.0
"""Look-alike letters of real reports: single words are named here, never their sentences."""

from collections import Counter
from pathlib import Path

import pytest

from ortaq.language.detection import detect
from ortaq.language.lookalikes import repair

REPORTS = Path(__file__).parents[3] / "shared" / "reports"
pytestmark = pytest.mark.skipif(not REPORTS.is_dir(), reason=f"{REPORTS} is not beside this checkout")


def report(number: str) -> str:
    [file] = REPORTS.glob(f"{number}_*.txt")
    return file.read_text(encoding="utf-8")


def test_all_words_of_the_first_report_are_repaired():
    found = repair(report("000"))

    assert Counter(change.repaired for change in found.changes) == {"of": 17, "in": 10, "to": 5, "is": 3, "on": 2}
    assert not any("\u0400" <= letter <= "\u04ff" for letter in found.text)


def test_the_month_of_the_second_report_is_repaired():
    assert [(change.word, change.repaired) for change in repair(report("001")).changes] == [("Deс", "Dec")]


@pytest.mark.parametrize("number", ["002", "003", "004"])
def test_clean_reports_are_untouched(number):
    text = report(number)

    assert repair(text).text == text


@pytest.mark.parametrize(
    ("number", "lang"), [("000", "en"), ("001", "en"), ("002", "en"), ("003", "en"), ("004", "ru")]
)
def test_language_of_a_report(number, lang):
    assert detect(report(number)).lang == lang
