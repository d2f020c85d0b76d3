# SPDX-License-Identifier: Apache-2.0
"""A form in which something gets its names, one in each language."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _


class NamesForm(forms.Form):
    def __init__(self, *args: Any, names_now: dict[str, list[str]], **more: Any) -> None:
        super().__init__(*args, **more)
        for tag, said in [*settings.LANGUAGES, ("und", _("Without a language"))]:
            self.fields[f"name_{tag}"] = forms.CharField(
                label=said, required=False, max_length=200, initial=(names_now.get(tag) or [""])[0],
                widget=forms.TextInput(attrs={"lang": tag if tag != "und" else "", "autocomplete": "off"}),
            )  # fmt: skip

    @property
    def name_fields(self) -> list[Any]:
        return [field for field in self if field.name.startswith("name_")]

    def names(self, before: dict[str, list[str]]) -> dict[str, list[str]]:
        """The names as they are now; variants in other languages, which the form does not show, stay."""
        given = {tag: texts for tag, texts in before.items() if f"name_{tag}" not in self.fields}
        for field in self.name_fields:
            tag = field.name.removeprefix("name_")
            first = self.cleaned_data[field.name].strip()
            if first:
                given[tag] = [first, *(text for text in before.get(tag, [])[1:] if text != first)]
        return given
