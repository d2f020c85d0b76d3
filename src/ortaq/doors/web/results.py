# SPDX-License-Identifier: Apache-2.0
"""The results of a search: as a list, on a map, while typing."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ortaq.core.errors import N_
from ortaq.doors.web import names
from ortaq.doors.web.asking import FACETS, MAX_QUERY, Asked, asked
from ortaq.doors.web.facets import facets, value_label
from ortaq.doors.web.map import points_json
from ortaq.doors.web.result_downloads import FORMS
from ortaq.doors.web.rows import rows
from ortaq.people.rules import may_change_many
from ortaq.people.viewers import viewer_of
from ortaq.search.query import search, suggest

ORDER_LABELS = {"relevance": N_("Best match"), "newest": N_("Newest first"), "oldest": N_("Oldest first")}
VIEW_LABELS = {"list": N_("List"), "map": N_("Map"), "both": N_("List and map")}


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """The page of results; the same page serves the whole and the part that htmx swaps."""
    viewer, search_asked = viewer_of(request), asked(request, names.reader_language())
    question = search_asked.question
    answer = search(question, viewer)
    exact = [hit.uri for hit in answer.hits if not hit.is_similar]
    similar = [hit.uri for hit in answer.hits if hit.is_similar]
    found = rows([*exact, *similar], viewer, question.text)
    context = {
        "asked": search_asked,
        "answer": answer,
        "rows": [row for row in found if row.record.uri in set(exact)],
        "similar": [row for row in found if row.record.uri in set(similar)],
        "facets": facets(answer.facets, search_asked),
        "chosen": _chosen(search_asked),
        "orders": _orders(search_asked),
        "views": [(name, _(label), search_asked.address(view=name)) for name, label in VIEW_LABELS.items()],
        "next_address": search_asked.address(after=answer.after) if answer.after else None,
        "first_address": search_asked.address() if question.after else None,
        "points_query": search_asked.address(view=None),
        "feed_query": search_asked.address(view=None, order=None),
        "map_address": search_asked.address(box=None),
    }
    query = search_asked.address(view=None)
    context["downloads"] = [(label, reverse("results-download", args=[form]) + query) for label, form in FORMS]
    context["change_address"] = reverse("many") + query if may_change_many(viewer) and answer.total else ""
    response = render(request, "web/results.html", context)
    response["Vary"] = "HX-Request, Cookie, Accept-Language"
    return response


def _orders(search_asked: Asked) -> list[tuple[str, str, bool]]:
    """Return the orders: label, address, is it the present one. Without words nothing matches better than another."""
    question = search_asked.question
    known = [name for name in ORDER_LABELS if question.text or name != "relevance"]
    present = question.order if question.order in known else known[0]
    return [(_(ORDER_LABELS[name]), search_asked.address(order=name), name == present) for name in known]


def _chosen(search_asked: Asked) -> list[tuple[str, str]]:
    """Return what narrows the search: label, and the address without it."""
    question = search_asked.question
    found = [
        (value_label(facet, value), search_asked.without(facet, value))
        for facet in FACETS
        for value in search_asked.chosen[facet]
    ]
    if question.first_year is not None or question.last_year is not None:
        years = f"{question.first_year or '…'}–{question.last_year or '…'}"
        found.append((years, search_asked.address(**{"from": None, "to": None})))
    if question.box:
        found.append((_("This area of the map"), search_asked.address(box=None)))
    return found


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Names that begin like what was typed, as options of the search box."""
    text = request.GET.get("q", "").replace("\0", " ").strip()[:MAX_QUERY]
    lang = names.reader_language()
    hits = suggest(text, lang, viewer_of(request), limit=8) if text else []
    options = [(hit, names.shown(hit.title, lang)) for hit in hits]
    return render(request, "web/parts/suggestions.html", {"options": [pair for pair in options if pair[1]]})


@require_safe
def result_points(request: HttpRequest) -> JsonResponse:
    """The points of the results for the map."""
    search_asked = asked(request, names.reader_language())
    return points_json(replace(search_asked.question, after=None), viewer_of(request))
