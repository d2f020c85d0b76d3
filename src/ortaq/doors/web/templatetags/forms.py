# SPDX-License-Identifier: Apache-2.0
"""What the templates of forms ask about a field."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from ortaq.core.fields import Role
from ortaq.core.problems import Problem
from ortaq.doors.web import names
from ortaq.doors.web.forms import controls, languages
from ortaq.doors.web.forms.tree import Drawn, id_of
from ortaq.people import rules
from ortaq.people.viewers import viewer_of

register = template.Library()
_TEMPLATES = {
    Role.NAME: "texts", Role.PROSE: "texts", Role.MARKUP: "box", Role.CHOICE: "select", Role.LANG: "select",
    Role.COUNTRY: "select", Role.FLAG: "select", Role.TERM: "reference", Role.REF: "reference", Role.LINKS: "link",
    Role.POINT: "point", Role.AMOUNT: "amount", Role.GROUP: "group", Role.FILES: "file",
}  # fmt: skip
# Roles with more than one control: their label is the legend of a group.
_GROUPED = (Role.NAME, Role.PROSE, Role.POINT, Role.AMOUNT, Role.GROUP, Role.LINKS)

register.filter("id_of", id_of)


@register.filter
def role_template(field: Drawn) -> str:
    """The template that draws one value of *field*."""
    return f"web/forms/roles/{_TEMPLATES.get(field.spec.role, 'line')}.html"


register.filter("template", role_template)


@register.filter
def is_labelled(field: Drawn) -> bool:
    """It is one control, with a label of its own."""
    is_single = not field.spec.is_many or field.place is not None
    return is_single and field.spec.role not in _GROUPED and not field.extra.get("target")


@register.filter
def sentence(problem: Problem) -> str:
    return controls.sentence_of(problem)


@register.filter
def described(field: Drawn) -> str:
    """The ids of what describes the control of *field*."""
    has_hint = field.help and field.place is None
    found = [f"{field.id}-hint"] if has_hint else []
    found += [f"{field.id}-fault"] if field.faults else []
    found += [f"{field.id}-hints"] if field.spec.role in (Role.SPAN, Role.DATE) else []
    return " ".join(found)


@register.filter
def variant_path(name: str) -> str:
    """title.0.text.1 → title.0.1, as an order names a variant."""
    return name.replace(".text.", ".")


@register.filter
def language_label(tag: str) -> str:
    return _(languages.UNKNOWN) if tag == "und" else names.language_name(tag)


@register.filter
def chosen_files(field: Drawn) -> list[dict[str, Any]]:
    """The files that a field has, as the uploader wants them; one whose size is damaged has none."""
    return [
        {**item.parts, "bytes": int(item.parts["bytes"]) if item.parts["bytes"].isdecimal() else 0}
        for item in field.items
    ]


@register.simple_tag(takes_context=True)
def may_import(context: template.Context) -> bool:
    """Whether the reader may bring in records from files."""
    request = context.get("request")
    return request is not None and rules.may_import(viewer_of(request))


@register.simple_tag(takes_context=True)
def may_change_many(context: template.Context) -> bool:
    """Whether the reader may change a field of many records at once."""
    request = context.get("request")
    return request is not None and rules.may_change_many(viewer_of(request))


@register.simple_tag(takes_context=True)
def imports_for_node(context: template.Context) -> bool:
    """Whether what the reader brings in becomes the node's own: a keeper who acts for no institution."""
    return may_import(context) and viewer_of(context["request"]).standing is None


@register.simple_tag(takes_context=True)
def may_begin(context: template.Context) -> bool:
    """Whether the reader may write records."""
    request = context.get("request")
    return request is not None and rules.may_write(viewer_of(request).standing)
