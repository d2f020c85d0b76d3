# SPDX-License-Identifier: Apache-2.0
"""Addresses of the pages of institutions, and of the node's keepers."""

from django.urls import URLPattern, path

from ortaq.doors.web.institutions import kept, node, pages, trail

urlpatterns: list[URLPattern] = [
    path("institutions/<slug:institution>", pages.institution, name="institution"),
    path("institutions/<slug:institution>/people", pages.people, name="institution-people"),
    path("institutions/<slug:institution>/people/invite", pages.invite_page, name="institution-invite"),
    path("institutions/<slug:institution>/people/<int:number>", pages.member, name="institution-member"),
    path("institutions/<slug:institution>/people/<int:number>/end", pages.end, name="institution-end"),
    path("institutions/<slug:institution>/invitations/<int:number>/revoke", pages.revoke, name="invitation-revoke"),
    path("institutions/<slug:institution>/settings", pages.settings_page, name="institution-settings"),
    path("institutions/<slug:institution>/audit", trail.institution_trail, name="institution-audit"),
    path("institutions/<slug:institution>/audit.csv", trail.institution_table, name="institution-audit-csv"),
    path("node/institutions", node.node_institutions, name="node-institutions"),
    path("node/institutions/new", node.found, name="institution-found"),
    path("node/institutions/<slug:institution>/quota", node.quota, name="institution-quota"),
    path("node/institutions/<slug:institution>/close", node.close, name="institution-close"),
    path("node/files", kept.node_files, name="node-files"),
    path("node/audit", trail.node_trail, name="node-audit"),
    path("node/audit.csv", trail.node_table, name="node-audit-csv"),
]
