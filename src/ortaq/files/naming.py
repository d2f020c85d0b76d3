# SPDX-License-Identifier: Apache-2.0
"""Names of files as people gave them, made safe to show, to sign and to save on any system."""

import re
import unicodedata

MOST_LETTERS = 150
_MOST_BYTES = 240  # ext4, NTFS and APFS stop at 255; a browser may add " (1)"
_NAMELESS = "file"
_JOINERS = "\u200c\u200d"  # invisible, but part of how words are written in some scripts
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|\Z)", re.IGNORECASE)
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,10}\Z")


def safe_name(given: str) -> str:
    """Return *given* without folders, control and direction letters, and at most as long as every disk takes it."""
    text = unicodedata.normalize("NFC", re.split(r"[/\\]", given)[-1])
    visible = "".join(letter for letter in text if letter in _JOINERS or unicodedata.category(letter)[0] != "C")
    clean = re.sub(r"\s+", " ", _FORBIDDEN.sub("_", visible)).strip(" .")
    name = _cut(clean) or _NAMELESS
    return f"_{name}" if _RESERVED.match(name) else name


def ending_of(name: str) -> str:
    """Return the ending of a name with its dot, in small letters; empty if it has none."""
    found = _ENDING.search(name)
    return found[0].lower() if found else ""  # ascii: the pattern takes no other letters


def _cut(name: str) -> str:
    """Shorten the stem, keep the ending."""
    found = _ENDING.search(name)
    ending = found[0] if found else ""
    stem = name[: len(name) - len(ending)][: MOST_LETTERS - len(ending)]
    while len((stem + ending).encode("utf-8", "replace")) > _MOST_BYTES:
        stem = stem[:-1]
    return (stem.rstrip(" .") + ending) if stem.strip(" .") else ending.lstrip(".")
