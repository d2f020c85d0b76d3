# SPDX-License-Identifier: Apache-2.0
"""Dates in the eight languages, and lines that are only a date."""

import pytest

from ortaq.press.datelines import date_prefix, is_date_line
from ortaq.press.dates import find_dates


@pytest.mark.parametrize(
    "text",
    [
        "2024-04-24", "2024-04-24T17:48:00+04:00", "24.04.2024, 17:48", "24/04/2024", "24.04.24",
        "24 April 2024 17:48 (UTC+04:00)", "Wednesday, April 24, 2024", "April 24th, 2024", "24 Apr. 2024",
        "24 апреля 2024 года в Баку", "24 апреля 2024 г.", "24 aprel 2024", "2024-cü il 24 aprel",
        "24 Nisan 2024 Çarşamba", "2024 жылғы 24 сәуір", "24 сәуір 2024 жыл", "2024 жылдың 24 сәуірінде",
        "2024-жылдын 24-апрели", "24-апрель, 2024-жыл", "2024-yil 24-aprel", "24 апрел 2024 йил",
        "24-nji aprel 2024 ýyl", "2024-nji ýylyň 24-nji apreli", "Чәршәнбә, 24 апрел 2024",
    ],
)  # fmt: skip
def test_date_is_found_however_it_is_written(text):
    [found] = find_dates(text)

    assert found.day.isoformat() == "2024-04-24"
    assert found.is_sure


@pytest.mark.parametrize(
    "text",
    ["Dec. 5", "2024", "со 2 по 5 декабря", "31.02.2024", "May the 2024 games", "1.2.3.2024", "5 December. 1200"],
)
def test_what_is_no_full_date_is_left_alone(text):
    assert find_dates(text) == []


def test_day_and_month_that_could_be_exchanged_are_unsure():
    [found] = find_dates("04/05/2024")

    assert found.day.isoformat() == "2024-05-04" and not found.is_sure


@pytest.mark.parametrize(
    "line",
    [
        "24 April 2024 17:48 (UTC+04:00)",
        "Sunday September 15 2024",
        "17:48",
        "24 апреля, 17:48",
        "24.04.2024 | Культура",
    ],
)
def test_line_that_only_says_when(line):
    assert is_date_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "24 апреля 2024 года в Алматы открылась выставка ковров.",
        "Film Days 2024",
        "Баку",
        "15:20 В Самарканде открыли мастерскую",
    ],
)
def test_line_that_says_more_than_when(line):
    assert not is_date_line(line)


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("date 2024-04-24 ASTANA – The museum opened.", "ASTANA – The museum opened."),
        ("31 August 2024 19:19 (UTC+04:00) Ambassador visits Baku", "Ambassador visits Baku"),
        ("Опубликовано: 24 апреля 2024 В Оше открыли школу", "В Оше открыли школу"),
        ("24 апреля 2024 года в Алматы открылась выставка", "24 апреля 2024 года в Алматы открылась выставка"),
    ],
)
def test_date_put_before_a_line_is_told_from_one_that_begins_a_sentence(line, rest):
    assert line[date_prefix(line) :] == rest
