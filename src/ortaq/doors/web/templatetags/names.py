# SPDX-License-Identifier: Apache-2.0
"""Names in templates: titles with their language, countries, languages, kinds, people."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ortaq.core.audience import label_of
from ortaq.doors.web import names
from ortaq.doors.web.origins import Origin, name_behind, name_of_node, origin_of
from ortaq.nodes.models import Node
from ortaq.people.models import Institution
from ortaq.people.rules import ROLES
from ortaq.records.models import Record

register = template.Library()


@register.filter
def title(record: Record) -> SafeString:
    """The record's title in the reader's language; marked with its language where that is another one."""
    return in_language(names.title_of(record))


@register.filter
def title_text(record: Record) -> str:
    """The same as plain text, for headings of windows and labels."""
    return names.title_of(record).text


@register.filter
def in_language(shown: names.Shown | None) -> SafeString:
    if shown is None:
        return SafeString("")
    if not shown.is_other:
        return format_html("<bdi>{}</bdi>", shown.text)
    return format_html(
        '<bdi lang="{}" dir="{}">{}</bdi> <span class="tag" title="{}">{}</span>',
        shown.tag,
        shown.direction,
        shown.text,
        names.language_name(shown.tag),
        shown.tag,
    )


@register.filter
def best(texts: names.LanguageMap) -> names.Shown | None:
    """The text of a language map that suits the reader."""
    return names.shown(texts)


@register.filter
def direction(tag: str) -> str:
    return names.direction_of(tag)


@register.filter
def country(code: str) -> str:
    return names.country_name(code, names.reader_language())


@register.filter
def language(tag: str) -> str:
    return names.language_name(tag)


@register.filter
def kind_label(kind: str) -> str:
    return names.kind_label(kind)


@register.filter
def kind_plural(kind: str) -> str:
    return names.kind_plural(kind)


@register.filter
def translated(marked: str) -> str:
    """The translation of a text that was marked with N_."""
    return _(marked)


@register.filter
def audience_name(audience: str) -> str:
    return _(label_of(audience))


@register.filter
def institution_name(institution: Institution) -> str:
    return names.institution_name(institution)


@register.filter
def origin(record: Record) -> Origin | None:
    """The other node whose record it is; nothing for our own."""
    return origin_of(record.node)


@register.filter
def node_behind(uri: str) -> names.Shown | None:
    """What the node is called that describes itself in the record *uri*; nothing for another record, or an unknown node."""
    return name_behind(uri)


@register.filter
def node_called(node: str) -> SafeString:
    """What the node with the id *node* is called; the id if it is not known here."""
    found = name_of_node(node)
    return in_language(found) if found else format_html('<code class="uri">{}</code>', node)


@register.filter
def node_title(node: Node) -> str:
    return names.node_name(node)


@register.filter
def role_name(role: str) -> str:
    return _(ROLES.get(role, role))


@register.filter
def named(actor: str, known: dict[str, str]) -> str:
    """Return the name behind *actor* as far as it is among the *known*, else what stands there."""
    return known.get(actor, actor)
