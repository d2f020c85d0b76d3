# SPDX-License-Identifier: Apache-2.0
"""CommonMark as people write it, and whom they mention in it by `@login`."""

import re
from collections.abc import Iterator
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

# No raw HTML, no images: what is left is text, structure and links.
PARSER: Final = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable("image")
_MENTIONS_AT_MOST = 20  # of different people in one text; more is a shout, not an address
# Not within a word, an address of mail or of the web; the letters are those of a login.
_MENTION = re.compile(r"(?<![\w@.+/-])@(\w(?:[\w.@+-]{0,148}\w)?)")


def mentions(text: str) -> list[str]:
    """Return the logins that *text* mentions, each once, in their order; words of code and links mention nobody."""
    if "@" not in text:
        return []
    found = (login for part in _plain_parts(PARSER.parse(text)) for login in _MENTION.findall(part.content))
    return list(dict.fromkeys(found))[:_MENTIONS_AT_MOST]


def split_mentions(text: str) -> list[tuple[str, str]]:
    """Return *text*, a part without markup, as (words, login that they mention or "") in reading order."""
    parts: list[tuple[str, str]] = []
    end = 0
    for match in _MENTION.finditer(text):
        parts += [(text[end : match.start()], ""), (match[0], match[1])]
        end = match.end()
    return [part for part in (*parts, (text[end:], "")) if part[0]]


def _plain_parts(tokens: list[Token]) -> Iterator[Token]:
    return (part for token in tokens for part in plain_children(token))


def plain_children(token: Token) -> Iterator[Token]:
    """Yield the parts of a block that are bare text: not code, not the words of a link."""
    depth = 0
    for child in token.children or ():
        depth += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        if child.type == "text" and depth == 0:
            yield child
