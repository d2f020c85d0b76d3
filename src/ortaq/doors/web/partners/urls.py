# SPDX-License-Identifier: Apache-2.0
"""Addresses of the pages about partners."""

from django.urls import URLPattern, path

from ortaq.doors.web.partners import deeds, groups, pages, proposing

urlpatterns: list[URLPattern] = [
    path("node/partners", pages.node_partners, name="node-partners"),
    path("node/partners/new", proposing.new, name="partner-new"),
    path("node/partners/groups", groups.group_list, name="partner-groups"),
    path("node/partners/groups/new", groups.new_group, name="partner-group-new"),
    path("node/partners/groups/<slug:group>/edit", groups.group_page, name="partner-group"),
    path("node/partners/groups/<slug:group>/remove", groups.remove, name="partner-group-remove"),
    path("node/partners/<slug:key>", pages.partner_page, name="partner"),
    path("node/partners/<slug:key>/accept", proposing.accept, name="partner-accept"),
    path("node/partners/<slug:key>/terms", deeds.terms, name="partner-terms"),
    *(
        path(f"node/partners/<slug:key>/{word}", deeds.deed, {"word": word}, name=f"partner-{word}")
        for word in deeds.DEEDS
    ),
]
