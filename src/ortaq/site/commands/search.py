# SPDX-License-Identifier: Apache-2.0
"""`ortaq search`: what the web page finds, on the command line, for one question or for many."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from ortaq.core.audience import Viewer
from ortaq.core.errors import N_, OrtaqError
from ortaq.language.fallback import choose
from ortaq.nodes.identity import identity
from ortaq.records.registry import KINDS
from ortaq.search.query import Answer, Hit
from ortaq.search.query import search as answer
from ortaq.search.question import Question
from ortaq.site.follower import catch_up_if_free


class BadLine(OrtaqError):
    code, status = "search.line-malformed", 422
    say = N_(
        'Line %(line)s of %(file)s is not a question: %(reason)s. Write {"q": "…"}, with "lang" and "kind" if wanted.'
    )


class Unreadable(OrtaqError):
    code, status = "search.file-unreadable", 404
    say = N_("The file %(file)s cannot be read: %(reason)s. Check its name and its rights.")


def search(
    query: str, *, lang: str | None, kind: str | None, limit: int, as_json: bool, queries_file: Path | None
) -> int:
    """Print what is found, seen as the node itself sees it; return the exit code."""
    catch_up_if_free()
    viewer = Viewer(actor=identity().uri)
    if queries_file is not None:
        return _answer_all(queries_file, viewer, lang, kind, limit)
    found = answer(_question(query, lang, kind, limit), viewer)
    if as_json:
        _print(
            {
                "q": query,
                "hits": _hits(found, lang),
                "total": found.total,
                "facets": _facets(found),
                "after": found.after,
            }
        )
    else:
        _show(found, lang)
    return 0


def _answer_all(file: Path, viewer: Viewer, lang: str | None, kind: str | None, limit: int) -> int:
    """Print one line of answer for each line of *file*, in its order; a bad line is answered with its error."""
    failed = 0
    for number, line in _lines(file):
        text: object = None
        try:
            asked = _asked(line, number, file)
            text, own_lang, own_kind = asked["q"], asked.get("lang") or lang, asked.get("kind") or kind
            found = answer(_question(asked["q"], own_lang, own_kind, limit), viewer)
            _print({"q": text, "hits": _hits(found, own_lang)})
        except OrtaqError as error:
            failed += 1
            _print({"q": text, "hits": [], "error": error.as_dict()})
            print(f"ortaq: {file}:{number}: {error.code}: {error}", file=sys.stderr)
    return 1 if failed else 0


def _question(text: str, lang: str | None, kind: str | None, limit: int) -> Question:
    """Raises UnknownKind."""
    return Question(text, lang, (KINDS[kind].name,) if kind else (), limit=limit)


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    try:
        stream = file.open("rb")
    except OSError as error:
        raise Unreadable(file=file, reason=error.strerror) from error
    with stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                yield number, line


def _asked(line: bytes, number: int, file: Path) -> dict[str, Any]:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadLine(line=number, file=file, reason=error) from error
    if not isinstance(found, dict) or not isinstance(found.get("q"), str):
        raise BadLine(line=number, file=file, reason="it has no text 'q'")
    if unknown := found.keys() - {"q", "lang", "kind"}:
        raise BadLine(line=number, file=file, reason=f"it has {', '.join(sorted(unknown))}")
    if any(not isinstance(found.get(name), str | None) for name in ("lang", "kind")):
        raise BadLine(line=number, file=file, reason="'lang' and 'kind' are texts")
    return found


def _hits(found: Answer, lang: str | None) -> list[dict[str, Any]]:
    return [
        {"uri": hit.uri, "source_id": hit.source_id, "kind": hit.kind, "title": _title(hit, lang), "score": hit.score}
        for hit in found.hits
    ]


def _facets(found: Answer) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [{"value": value, "count": count} for value, count in values] for name, values in found.facets.items()
    }


def _title(hit: Hit, lang: str | None) -> str:
    chosen = choose(hit.title, lang or "en")
    return chosen[0] if chosen else hit.uri


def _show(found: Answer, lang: str | None) -> None:
    for hit in found.hits:
        print(f"{_title(hit, lang)}   [{hit.kind}]{' similar name' if hit.is_similar else ''}\n    {hit.uri}")
    print(f"{found.total} found", file=sys.stderr)


def _print(line: dict[str, Any]) -> None:
    sys.stdout.buffer.write(orjson.dumps(line) + b"\n")
    sys.stdout.buffer.flush()
