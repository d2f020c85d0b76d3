# SPDX-License-Identifier: Apache-2.0
"""Every text of the interface is there in every language of the interface, with the placeholders of the original."""

import messages
import pytest
from django.conf import settings


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    template = messages.extracted()
    assert list(messages.missing_in(messages.catalog_of(language), template, language)) == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_no_translation_is_left_of_a_text_that_is_gone(language: str) -> None:
    template = messages.extracted()
    gone = [one.id for one in messages.catalog_of(language) if one.id and template.get(one.id, one.context) is None]
    assert gone == [], "run: make fix"


def test_interface_languages_are_those_of_the_settings() -> None:
    assert [code for code, _name in settings.LANGUAGES if code != "en"] == list(messages.LANGUAGES)
