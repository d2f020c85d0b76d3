# SPDX-License-Identifier: Apache-2.0
"""CommonMark of people to safe HTML: no raw HTML, no images, no scripts, links that promise nothing."""

import functools

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "a", "hr", "h4", "h5", "h6"}
# Headings of a text stand below those of the page.
_HEADINGS = {"h1": "h4", "h2": "h5", "h3": "h6"}
_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable("image")


@functools.lru_cache(maxsize=2048)
def safe_html(text: str) -> SafeString:
    """Return *text* (CommonMark) as HTML that holds nothing but text, structure and web links."""
    tokens = _parser.parse(text)
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
    html = _parser.renderer.render(tokens, _parser.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener ugc",
    )
    return mark_safe(clean)  # noqa: S308  nh3 has cleaned it


def plain_text(text: str) -> str:
    """Return what *text* (CommonMark) says, without marks, in one line."""
    inlines = (token.children or () for token in _parser.parse(text) if token.type == "inline")
    words = [
        [child.content or " " for child in children if child.content or "break" in child.type] for children in inlines
    ]
    return " ".join(" ".join("".join(one) for one in words).split())
