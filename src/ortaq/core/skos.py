# SPDX-License-Identifier: Apache-2.0
"""What SKOS calls things, for both ways: which labels are further names, and how notes other than a definition are marked in a description."""

from typing import Final

SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
COLLECTION: Final = "skos"  # the register of identifiers that say what a term is if it is no concept
TOP: Final = "top concept"  # note of a link to the scheme
LABELS: Final = ("altLabel", "hiddenLabel")
DESCRIPTIONS: Final = (
    f"{SKOS}definition",
    "http://purl.org/dc/terms/description",
    "http://purl.org/dc/elements/1.1/description",
)
NOTES: Final = {
    "scopeNote": "Scope note",
    "note": "Note",
    "example": "Example",
    "historyNote": "History note",
    "editorialNote": "Editorial note",
    "changeNote": "Change note",
}
MATCHES: Final = {
    "closeMatch": "close match",
    "broadMatch": "broad match",
    "narrowMatch": "narrow match",
    "relatedMatch": "related match",
}


def prefixed(label: str, text: str) -> str:
    return f"{label}: {text}" if label else text


def unprefixed(text: str) -> tuple[str, str]:
    """Return (property, text) of a text that `prefixed` may have marked."""
    for name, label in NOTES.items():
        if text.startswith(f"{label}: "):
            return name, text.removeprefix(f"{label}: ")
    return "definition", text
