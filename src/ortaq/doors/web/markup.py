# SPDX-License-Identifier: Apache-2.0
"""CommonMark of people to safe HTML: no raw HTML, no images, no scripts, links that promise nothing; whom it mentions by name."""

import functools
from collections.abc import Mapping

import nh3
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it.token import Token

from ortaq.core.markup import PARSER, plain_children, split_mentions

_TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "a", "hr", "h4", "h5", "h6", "span"}
# Headings of a text stand below those of the page.
_HEADINGS = {"h1": "h4", "h2": "h5", "h3": "h6"}
_MENTION = "mention"


def safe_html(text: str, people: Mapping[str, str] | None = None) -> SafeString:
    """Return *text* (CommonMark) as HTML that holds nothing but text, structure and web links.

    people  names by login of those who are named where `@login` stands; others stay as they were written
    """
    return _html(text, tuple(sorted((people or {}).items())))


@functools.lru_cache(maxsize=2048)
def _html(text: str, people: tuple[tuple[str, str], ...]) -> SafeString:
    tokens = PARSER.parse(text)
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
        if people:
            _name(token, dict(people))
    html = PARSER.renderer.render(tokens, PARSER.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        allowed_classes={"span": {_MENTION}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener ugc",
    )
    return mark_safe(clean)  # noqa: S308  nh3 has cleaned it


def plain_text(text: str) -> str:
    """Return what *text* (CommonMark) says, without marks, in one line."""
    inlines = (token.children or () for token in PARSER.parse(text) if token.type == "inline")
    words = [
        [child.content or " " for child in children if child.content or "break" in child.type] for children in inlines
    ]
    return " ".join(" ".join("".join(one) for one in words).split())


def _name(token: Token, people: Mapping[str, str]) -> None:
    """Put the names of *people* into a block where it mentions them."""
    plain = {id(child) for child in plain_children(token)}
    token.children = [
        part
        for child in token.children or ()
        for part in (_named(child.content, people) if id(child) in plain else [child])
    ]


def _named(text: str, people: Mapping[str, str]) -> list[Token]:
    return [
        Token("html_inline", "", 0, content=format_html('<span class="{}">{}</span>', _MENTION, people[login]))
        if login in people
        else Token("text", "", 0, content=words)
        for words, login in split_mentions(text)
    ]
