# SPDX-License-Identifier: Apache-2.0
"""Pictures of files in templates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse

register = template.Library()


@dataclass(frozen=True, slots=True)
class Shape:
    """A picture: where it is, and how it measures in pixels."""

    address: str
    width: int
    height: int


@register.filter
def pictured(files: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those of *files* that have pictures, or a preview by the node that has them."""
    return [file for file in files if file["pictures"] or file["preview"]]


@register.filter
def picture(file: Mapping[str, Any], size: int) -> Shape | None:
    """The picture of *size* of a file as `attached.files` gives it; None for what is no image."""
    measures = file["pictures"].get(size)
    return Shape(picture_address(file, size), *measures) if measures else None


@register.filter
def picture_address(file: Mapping[str, Any], size: int) -> str:
    return reverse("file-picture", args=[file["digest"], size])
