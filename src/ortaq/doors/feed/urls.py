# SPDX-License-Identifier: Apache-2.0
"""Addresses at which other nodes ask."""

from django.urls import URLPattern, path, re_path

from ortaq.doors.feed import files, partnership, presenting, serving

_LOG = r"exchange/log/(?P<log>[a-z2-7]{26})"

_FILE = r"exchange/files/(?P<digest>uEi[A-Za-z0-9_-]{44})"

urlpatterns: list[URLPattern] = [
    path(".well-known/ortaq", presenting.document, name="node-document"),
    path("exchange/partnership", partnership.say, name="exchange-partnership"),
    path("exchange/heads", serving.heads, name="exchange-heads"),
    path("exchange/objections", serving.objections, name="exchange-objections"),
    re_path(rf"^{_FILE}\Z", files.give_file, name="exchange-file"),
    re_path(rf"^{_FILE}/preview\Z", files.give_preview, name="exchange-file-preview"),
    re_path(rf"^{_FILE}/proof\Z", files.prove_file, name="exchange-file-proof"),
    re_path(rf"^{_LOG}\Z", serving.changes, name="exchange-log"),
    re_path(rf"^{_LOG}/head\Z", serving.head_at, name="exchange-head"),
    re_path(rf"^{_LOG}/bodies\Z", serving.bodies, name="exchange-bodies"),
]
