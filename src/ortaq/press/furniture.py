# SPDX-License-Identifier: Apache-2.0
"""Lines of a saved page that are no part of the report: lists of other news, share bars, bylines, notices."""

import enum
import re
from dataclasses import dataclass
from functools import lru_cache

from ortaq.language.keys import phonemic_key
from ortaq.language.words import words
from ortaq.press.tables import table


class Sort(enum.Enum):
    """What a line of furniture is; the values are those of data/furniture.jsonl."""

    RELATED = "related"
    STOP = "stop"
    SHARE = "share"
    FOLLOW = "follow"
    NOTICE = "within"
    TAGS = "tags"
    BYLINE = "byline"
    SITE = "site"
    RULE = "rule"


# Labels of dates, which are told from furniture by the date that follows them.
LABELS = ("published", "updated", "now")

_LONGEST = 1000  # characters; no phrase, notice or share bar of a page comes near it
_RULE = re.compile(r"[\W_]*\Z")
_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?[\w-]+(?:\.[\w-]+){1,3}(?:/\S*)?\Z", re.I)
_HANDLE = re.compile(r"(?:[@#][\w.]+[\s,;|]*)+\Z")
_COPYRIGHT = re.compile(r"©|\(c\)\s*(?:19|20)\d\d", re.I)
_TERMINAL = re.compile(r"[.!?][\"'”»“’)\]]*\Z")
_COUNTED = re.compile(r"[\d\s.,:+|•·()/-]*\Z")


@dataclass(frozen=True, slots=True)
class Furniture:
    """argument: what follows the phrase on its line, as of "Read also: …"."""

    sort: Sort
    argument: str = ""


@lru_cache(maxsize=1)
def phrases() -> dict[str, dict[str, str]]:
    """Return sort → key of a phrase → the phrase as written."""
    found: dict[str, dict[str, str]] = {}
    for row in table("furniture"):
        found.setdefault(row["sort"], {}).update({phonemic_key(phrase): phrase for phrase in row["phrases"]})
    return found


@lru_cache(maxsize=1)
def _longest() -> dict[str, int]:
    return {sort: max(key.count(" ") + 1 for key in keys) for sort, keys in phrases().items()}


@lru_cache(maxsize=4096)
def furniture(line: str) -> Furniture | None:
    """Return what sort of furniture *line* is; None if it could belong to a report."""
    if len(line) > _LONGEST:
        return None
    if _RULE.match(line):
        return Furniture(Sort.RULE)
    if _ADDRESS.match(line):
        return Furniture(Sort.SITE)
    if _HANDLE.match(line):
        return Furniture(Sort.TAGS)
    if len(line) < 400 and (_COPYRIGHT.search(line) or _has_notice(line)):
        return Furniture(Sort.NOTICE)
    return _by_opening(line)


def _has_notice(line: str) -> bool:
    key = f" {phonemic_key(line)}"
    return any(f" {phrase}" in key for phrase in phrases()[Sort.NOTICE.value])


def _by_opening(line: str) -> Furniture | None:
    for sort, is_fitting in _OPENINGS:
        for phrase_end in _opening(line, sort.value):
            if (argument := is_fitting(line, line[phrase_end:])) is not None:
                return Furniture(sort, argument)
    return Furniture(Sort.SHARE) if _is_share_bar(line) else None


def _opening(line: str, sort: str) -> list[int]:
    """Return where phrases of *sort* that open the line end in it, longest first."""
    ends: list[int] = []
    keys: list[str] = []
    for word in words(line[:200]):
        if len(keys) == _longest()[sort]:
            break
        keys += phonemic_key(word.text).split()
        if " ".join(keys) in phrases()[sort]:
            ends.append(word.end)
    return ends[::-1]


def _alone(line: str, rest: str) -> str | None:
    """The phrase is the line, but for figures and signs: "Comments (3)", "Views: 512"."""
    return "" if _COUNTED.match(rest) or not any(words(rest)) or _only_numbers(rest) else None


def _only_numbers(rest: str) -> bool:
    return all(word.text.isdigit() for word in words(rest))


def _with_headline(line: str, rest: str) -> str | None:
    """The phrase stands alone or is followed by a sign and the headline of another report."""
    if (nothing := _alone(line, rest)) is not None:
        return nothing
    return rest.lstrip(" :–—-|»>→").strip() if re.match(r"\s*[:–—|»>→]", rest) else None


def _short(line: str, rest: str) -> str | None:
    return rest.strip() if len(line) <= 120 and (not _TERMINAL.search(line) or len(line) <= 60) else None


def _stop(line: str, rest: str) -> str | None:
    """The heading of a list: the phrase and at most two more words, no sentence."""
    few = sum(1 for _ in words(rest)) <= 2 and not _TERMINAL.search(line)
    return "" if (nothing := _alone(line, rest)) is not None or (few and rest.startswith((" ", ":"))) else nothing


def _names(line: str, rest: str) -> str | None:
    """A label and names: "Author: N. N.", "Автор Имя ФАМИЛИЯ"; a sentence is none."""
    named = [word.text for word in words(rest)]
    has_sign = re.match(r"\s*[:/|©–—-]", rest) is not None
    if not named:
        return "" if has_sign or not rest.strip() else None
    if len(line) > 160 or len(named) > (14 if has_sign else 5):
        return None
    if _TERMINAL.search(line) and not (has_sign and len(named) <= 6):
        return None
    return rest.strip() if has_sign or all(name[:1].isupper() or len(name) <= 2 for name in named) else None


def _labelled(line: str, rest: str) -> str | None:
    return rest.strip(" :") if re.match(r"\s*:", rest) and len(line) < 300 else None


_OPENINGS = (
    (Sort.RELATED, _with_headline),
    (Sort.STOP, _stop),
    (Sort.SHARE, _alone),
    (Sort.FOLLOW, _short),
    (Sort.TAGS, _labelled),
    (Sort.TAGS, _alone),
    (Sort.BYLINE, _names),
)


def _is_share_bar(line: str) -> bool:
    """Names of networks and buttons only: "Facebook Twitter Telegram 12"."""
    if len(line) > 200:
        return False
    known = phrases()["platform"].keys() | {part for key in phrases()[Sort.SHARE.value] for part in key.split()}
    keys = [key for word in words(line) for key in phonemic_key(word.text).split()]
    named = sum(key in phrases()["platform"] and len(key) > 2 for key in keys)
    return named > 0 and all(key in known or key.isdigit() or len(key) == 1 for key in keys)


def label_before(text: str, sort: str) -> bool:
    """Say whether *text* ends in a label of *sort* (published, updated, now), with or without a colon."""
    keys = phonemic_key(text[-60:]).split()
    return any(" ".join(keys[-size:]) in phrases()[sort] for size in range(1, min(4, len(keys)) + 1))


@lru_cache(maxsize=1)
def glued_lists() -> re.Pattern[str]:
    """Match where "Read also:" or the like is glued to the end of a sentence."""
    wanted = [phrase for sort in ("related", "stop") for phrase in phrases()[sort].values() if " " in phrase]
    either = "|".join(re.escape(phrase) for phrase in sorted(wanted, key=len, reverse=True))
    return re.compile(rf"(?<=[.!?»”\"])\s{{1,20}}(?=(?:{either})\s{{0,5}}:)", re.I)
