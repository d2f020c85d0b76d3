# SPDX-License-Identifier: Apache-2.0
"""Texts are found in code and templates, and translations that break a placeholder are found out."""

from pathlib import Path

import messages
import pytest
from babel.messages.catalog import Catalog

TEMPLATE = """{% load i18n %}
<p class="it's">{% translate "Sign in" %} {{ _("Home") }}
    {% blocktranslate count n=hits|length trimmed %}
      one record of {{ who }}
    {% plural %}
      {{ n }} records of {{ who }}
    {% endblocktranslate %}
{# a comment #} {% translate "May" context "month" %}</p>
"""


def test_texts_of_code() -> None:
    code = 'x = N_("a %(b)s" "c")\ny = pgettext_lazy("month", "May")\nz = ngettext("one", "%(n)s", 3)\nprint("no")\n'
    assert list(messages.texts_of(code)) == [(1, None, "a %(b)sc"), (2, "month", "May"), (3, None, ("one", "%(n)s"))]


def test_texts_of_template_keep_their_line() -> None:
    code = messages.as_code(TEMPLATE, Path("page.html"))
    assert list(messages.texts_of(code)) == [
        (2, None, "Sign in"),
        (2, None, "Home"),
        (3, None, ("one record of %(who)s", "%(n)s records of %(who)s")),
        (8, "month", "May"),
    ]


@pytest.mark.parametrize(
    ("text", "translation", "fault"),
    [
        ("%(n)s records", "%(n)s qeyd", ""),
        ("%(n)s records", "qeydlər", "ru: placeholder %(n)s is left out: '%(n)s records' → 'qeydlər'"),
        ("{n} records", "{m} {n}", "ru: unknown placeholder {m}: '{n} records' → '{m} {n}'"),
        (("one record", "%(n)s records"), ["одна запись", "%(n)s записи", "%(n)s записей"], ""),
        ("Home", "", "ru: not translated: 'Home' (page.html)"),
    ],
)
def test_faults_of_a_translation(text: str | tuple[str, str], translation: str | list[str], fault: str) -> None:
    template, catalog = Catalog(), Catalog(locale="ru")
    template.add(text, locations=[("page.html", 1)])
    catalog.add(text, translation)
    assert list(messages.missing_in(catalog, template, "ru")) == ([fault] if fault else [])
